"""An app of slack_bolt as its documentation has it: answers /devbox and mentions, and a button."""
import os

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

app = App(client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"] + "/"))


@app.command("/devbox")
def command(ack, body, client):
    ack()
    button = {"type": "button", "action_id": "go", "value": "v", "text": {"type": "plain_text", "text": "Go"}}
    client.chat_postMessage(channel=body["channel_id"], text="command " + body["text"], blocks=[
        {"type": "section", "text": {"type": "mrkdwn", "text": "command " + body["text"]}},
        {"type": "actions", "elements": [button]}])


@app.event("app_mention")
def mention(event, client):
    client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="mention")


@app.event("message")
def message():
    pass


@app.action("go")
def press(ack, body, client):
    ack()
    client.chat_update(channel=body["container"]["channel_id"], ts=body["container"]["message_ts"], text="pressed")


SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
