from pathlib import Path

from importlinter.cli import lint_imports

CONFIGURATION = str(Path(__file__).with_name("importlinter.ini"))


def test_every_import_contract_is_kept(capsys):
    code = lint_imports(config_filename=CONFIGURATION, no_cache=True)
    assert code == 0, capsys.readouterr().out
