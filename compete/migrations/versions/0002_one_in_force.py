"""one in force"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('draw', schema=None) as batch_op:
        batch_op.create_index('uq_draw_in_force', ['session_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))

    with op.batch_alter_table('release', schema=None) as batch_op:
        batch_op.create_index('uq_release_in_force', ['event_id'], unique=True, sqlite_where=sa.text("state <> 'withdrawn'"), postgresql_where=sa.text("state <> 'withdrawn'"))

    with op.batch_alter_table('sheet', schema=None) as batch_op:
        batch_op.create_index('ix_sheet_counted', ['part_id', 'entry_id', 'judge_id', 'state', 'total'], unique=False)

