// An app of slack-go as its examples have it: answers /devbox and mentions, and a button.
package main

import (
	"log"
	"os"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

func command(api *slack.Client, asked slack.SlashCommand) {
	text := "command " + asked.Text
	button := slack.NewButtonBlockElement("go", "v", slack.NewTextBlockObject("plain_text", "Go", false, false))
	_, _, err := api.PostMessage(asked.ChannelID, slack.MsgOptionText(text, false), slack.MsgOptionBlocks(
		slack.NewSectionBlock(slack.NewTextBlockObject("mrkdwn", text, false, false), nil, nil),
		slack.NewActionBlock("row", button)))
	if err != nil {
		log.Print(err)
	}
}

func mention(api *slack.Client, event slackevents.EventsAPIEvent) {
	said, ok := event.InnerEvent.Data.(*slackevents.AppMentionEvent)
	if !ok {
		return
	}
	_, _, err := api.PostMessage(said.Channel, slack.MsgOptionText("mention", false), slack.MsgOptionTS(said.TimeStamp))
	if err != nil {
		log.Print(err)
	}
}

func press(api *slack.Client, pressed slack.InteractionCallback) {
	_, _, _, err := api.UpdateMessage(pressed.Container.ChannelID, pressed.Container.MessageTs,
		slack.MsgOptionText("pressed", false))
	if err != nil {
		log.Print(err)
	}
}

func main() {
	api := slack.New(os.Getenv("SLACK_BOT_TOKEN"), slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")),
		slack.OptionAPIURL(os.Getenv("SLACK_API_URL")+"/"))
	client := socketmode.New(api)
	go func() {
		for event := range client.Events {
			if event.Request == nil {
				continue
			}
			switch data := event.Data.(type) {
			case slack.SlashCommand:
				_ = client.Ack(*event.Request)
				command(api, data)
			case slackevents.EventsAPIEvent:
				_ = client.Ack(*event.Request)
				mention(api, data)
			case slack.InteractionCallback:
				_ = client.Ack(*event.Request)
				press(api, data)
			}
		}
	}()
	log.Fatal(client.Run())
}
