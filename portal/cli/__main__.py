"""`python -m portal.cli …`: our commands alone, whatever other installed packages add to `flask`."""

from portal.app import create_app

if __name__ == "__main__":
    app = create_app()
    with app.app_context():
        app.cli.main(prog_name="portal")
