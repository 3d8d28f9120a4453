"""Budget rounds from the command line: bin/civic-forum budget …"""

import click

from .counting import compare, count


@click.group()
def budget():
    """Budget rounds, and elections in the Pabulib format. `count` and `compare` need no site and no database."""


for command in (count, compare):
    budget.add_command(command)

commands = (budget,)
