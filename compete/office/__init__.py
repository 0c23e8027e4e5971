"""The administrator's room: starting the server, the command `compete`, backup, restore, checks, upgrades, the demo."""
