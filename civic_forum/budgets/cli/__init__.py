"""Budget rounds from the command line: bin/civic-forum budget …"""

import click

from .counting import compare, count
from .files import export, import_file


@click.group()
def budget():
    """Budget rounds, and elections in the Pabulib format. `count` and `compare` need no site and no database."""


for command in (count, compare, import_file, export):
    budget.add_command(command)

commands = (budget,)
