"""`nightdesk rehearse`: what it says of a day on which nothing goes out by itself."""

from cli_command import Command, well


def test_a_day_without_auto_mode_says_how_to_switch_it_on_and_names_nothing_that_was_not_done(
    nightdesk: Command,
) -> None:
    well(nightdesk("sites", "create", "Slow Trains"))
    said = well(nightdesk("rehearse", "--days", 1))
    assert "Without auto mode, so that nothing of them goes out by itself: Slow Trains." in said
    assert "nightdesk sites auto SITE --on" in said
    assert "What would wait for you\nNothing." in said
    assert "1 day in" in said
