"""`flask seed`: the data of the demonstration."""

from datetime import UTC, datetime

import click
from flask import current_app

from portal.services import demonstration, territory


@click.command("seed")
@click.option(
    "--reports",
    type=click.IntRange(1, 10_000),
    default=demonstration.REPORTS,
    show_default=True,
    help="Số phản ánh. / How many reports.",
)
@click.option(
    "--random-seed",
    type=int,
    default=demonstration.RANDOM_SEED,
    show_default=True,
    help="Số khác cho dữ liệu khác. / Another number gives other data.",
)
def seed(reports: int, random_seed: int) -> None:
    """Tạo dữ liệu minh họa. / Make demonstration data.

    Chạy lại không tạo thêm; bị từ chối khi PORTAL_ENV=production. / A second run adds nothing; refused when
    PORTAL_ENV=production.
    """
    if current_app.config["ENV"] == "production":
        raise click.ClickException("Demonstration data is refused when PORTAL_ENV=production.")
    if territory.current() is None:
        raise click.ClickException(
            "No territory is loaded: flask --app portal.app territory load DIR comes first."
        )
    if not demonstration.fits(territory.current()):
        raise click.ClickException("The demonstration tells of another province than the loaded one.")
    with click.progressbar(length=reports, label="Demonstration") as bar:
        seeded = demonstration.seed(
            reports=reports,
            random_seed=random_seed,
            now=datetime.now(UTC),
            storage=current_app.extensions["storage"],
            vault=current_app.extensions["vault"],
            progress=bar.update,
        )
    click.echo(f"{seeded.added} reports added, {seeded.total} in all")
    for person in demonstration.SIGN_INS:
        click.echo(f"  {person.username:<10} {person.password}   {person.name}, {person.what}")
