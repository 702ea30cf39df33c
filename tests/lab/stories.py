"""All stories."""
import stories_crash
import stories_home
import stories_idle
import stories_join
import stories_volume

TOLD = (stories_idle, stories_home, stories_crash, stories_join, stories_volume)
