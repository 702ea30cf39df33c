// The bot of matrix-bot-sdk's documentation: a client, a file for its sync token, and a listener.
const { LogLevel, LogService, MatrixClient, SimpleFsStorageProvider } = require("matrix-bot-sdk");

LogService.setLevel(LogLevel.WARN);
const storage = new SimpleFsStorageProvider(process.env.BOT_STORAGE);
const client = new MatrixClient(process.env.BOT_HOMESERVER, process.env.BOT_TOKEN, storage);

client.on("room.message", async (room, event) => {
  if (event.content?.msgtype !== "m.text" || event.sender === (await client.getUserId())) return;
  if (event.content.body === "!devbox status") await client.sendNotice(room, process.env.BOT_ANSWER);
});
client.start();
