"""The bot of matrix-nio's README: sync_forever and a callback."""

import asyncio
import os

from nio import AsyncClient, MatrixRoom, RoomMessageText

ANSWER = os.environ["BOT_ANSWER"]


async def main() -> None:
    client = AsyncClient(os.environ["BOT_HOMESERVER"], os.environ["BOT_USER"])
    client.restore_login(os.environ["BOT_USER"], os.environ["BOT_DEVICE"], os.environ["BOT_TOKEN"])

    async def on_message(room: MatrixRoom, event: RoomMessageText) -> None:
        if event.sender != client.user_id and event.body == "!devbox status":
            await client.room_send(room.room_id, "m.room.message", {"msgtype": "m.notice", "body": ANSWER})

    client.add_event_callback(on_message, RoomMessageText)
    await client.sync_forever(timeout=30000)


asyncio.run(main())
