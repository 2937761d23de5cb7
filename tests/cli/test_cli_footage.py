"""A site's own photos from the command line: added, listed, refused, removed and restored."""

from cli_command import Command, well

from desk.test_own_footage import photo

EVIL = "a heap [/q]\x1b[2J"


def test_a_photo_is_added_listed_removed_and_restored(nightdesk: Command) -> None:
    well(nightdesk("sites", "create", "Heap", "--subject", "Compost"))
    assert "None so far" in well(nightdesk("sites", "footage", "list", "heap"))
    (nightdesk.cwd / "heap.jpg").write_bytes(photo())
    (nightdesk.cwd / "page.jpg").write_bytes(b"<html></html>")
    told = ("--shows", EVIL, "--source", "the photo club", "--by-model")
    made = nightdesk.json("sites", "footage", "add", "heap", "heap.jpg", *told)
    assert (made["kind"], made["source"], made["by_model"]) == ("photo", "the photo club", True)
    listed = well(nightdesk("sites", "footage", "list", "heap"))
    assert ("[/q]" in listed, "\x1b[2J" in listed) == (True, False)
    for file, shows in (("heap.jpg", "another"), ("page.jpg", "a page"), ("heap.jpg", "of")):
        refused = nightdesk("sites", "footage", "add", "heap", file, "--shows", shows)
        assert (refused.returncode in (1, 2), "Traceback" in refused.stderr) == (True, False)
    assert "restore heap" in well(nightdesk("sites", "footage", "remove", "heap", made["id"]))
    assert nightdesk.json("sites", "footage", "list", "heap") == []
    well(nightdesk("sites", "footage", "restore", "heap", made["id"]))
    assert [one["videos"] for one in nightdesk.json("sites", "footage", "list", "heap")] == [0]
