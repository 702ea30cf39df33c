// An app of @slack/bolt as its documentation has it: answers /devbox and mentions, and a button.
const { App } = require('@slack/bolt');

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL + '/' },
});

app.command('/devbox', async ({ ack, command, client }) => {
  await ack();
  const text = 'command ' + command.text;
  await client.chat.postMessage({
    channel: command.channel_id,
    text,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text } },
      { type: 'actions', elements: [
        { type: 'button', action_id: 'go', value: 'v', text: { type: 'plain_text', text: 'Go' } }] },
    ],
  });
});
app.event('app_mention', async ({ event, client }) => {
  await client.chat.postMessage({ channel: event.channel, thread_ts: event.ts, text: 'mention' });
});
app.action('go', async ({ ack, body, client }) => {
  await ack();
  await client.chat.update({ channel: body.container.channel_id, ts: body.container.message_ts, text: 'pressed' });
});
app.start();
