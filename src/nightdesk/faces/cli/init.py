"""`nightdesk init`: the data folder, the database and the first workspace."""

from typing import Any

import typer

from nightdesk.faces.cli.doors import House
from nightdesk.faces.cli.opening import within
from nightdesk.faces.cli.printing import AsJson, plain, say, say_json

app = typer.Typer(add_completion=False)


@app.command()
def init(ctx: typer.Context, json: AsJson = False) -> None:
    """Make the data folder, the database and the first workspace; harmless to repeat."""

    async def look(house: House, workspace: int) -> dict[str, Any]:
        balances = await house.desk.credits.balances(workspace)
        return {
            "workspace": workspace,
            "credits": balances.wallet,
            "data_dir": str(house.settings.data_dir),
            "database": "external" if house.settings.database_url else "embedded",
            "storage": house.settings.storage,
        }

    made = within(ctx, look)
    if json:
        say_json(made)
        return
    say(f"[green]Ready.[/green] Workspace {made['workspace']} has {made['credits']:,} credits.")
    say(f"The data lies in {plain(made['data_dir'])}; its secret.key opens the stored keys: back it up.")
    say("Next: nightdesk sites create NAME, or nightdesk demo to look around first.")
