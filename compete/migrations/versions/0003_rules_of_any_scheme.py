"""rules of any scheme"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.alter_column('tier_code', existing_type=sa.VARCHAR(length=16), type_=sa.String(length=40), existing_nullable=False)
        batch_op.alter_column('tier_name', existing_type=sa.VARCHAR(length=40), type_=sa.String(length=120), existing_nullable=False)

    with op.batch_alter_table('criterion', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False))
        batch_op.alter_column('code', existing_type=sa.VARCHAR(length=16), type_=sa.String(length=40), existing_nullable=False)

    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False))
        batch_op.alter_column('code', existing_type=sa.VARCHAR(length=16), type_=sa.String(length=40), existing_nullable=False)

    with op.batch_alter_table('tier', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rules', sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False))
        batch_op.alter_column('code', existing_type=sa.VARCHAR(length=16), type_=sa.String(length=40), existing_nullable=False)
        # The codes of these rules are the engine's, which learns more of them.
        batch_op.drop_constraint(op.f('ck_tier_rounding'), type_='check')
        batch_op.drop_constraint(op.f('ck_tier_tie'), type_='check')

