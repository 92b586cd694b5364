"""Commands: `flask --app portal.app …`. Each says what it did and exits with 0, or says why not with 1."""

from flask import Flask

from portal.cli import (
    accounts,
    audit,
    boundaries,
    clocks,
    outbox,
    privacy,
    reforms,
    retention,
    routing,
    seed,
    territory,
    vault,
    workflow,
)

territory.group.add_command(reforms.reform)


def init_app(app: Flask) -> None:
    for command in (
        outbox.work,
        seed.seed,
        accounts.group,
        audit.group,
        territory.group,
        boundaries.group,
        routing.group,
        clocks.group,
        workflow.group,
        privacy.group,
        retention.group,
        vault.group,
    ):
        app.cli.add_command(command)
