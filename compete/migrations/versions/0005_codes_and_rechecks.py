"""codes and rechecks"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('code_plan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('confirmers', sa.String(length=16), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("confirmers IN ('supervisor', 'any')", name=op.f('ck_code_plan_confirmers')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_code_plan_event_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_plan')),
    sa.UniqueConstraint('event_id', name=op.f('uq_code_plan_event_id'))
    )
    op.create_table('code_layer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('prefix', sa.String(length=6), nullable=False),
    sa.Column('digits', sa.Integer(), nullable=True),
    sa.Column('labels', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('keeper_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['keeper_id'], ['user.id'], name=op.f('fk_code_layer_keeper_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['code_plan.id'], name=op.f('fk_code_layer_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_layer')),
    sa.UniqueConstraint('plan_id', 'position', name=op.f('uq_code_layer_plan_id_position'))
    )
    with op.batch_alter_table('code_layer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_layer_keeper_id'), ['keeper_id'], unique=False)

    op.create_table('code_table',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('layer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seed', sa.LargeBinary(), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sealed_by', sa.String(length=64), nullable=False),
    sa.Column('sealed_name', sa.String(length=64), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("source IN ('hall', 'system')", name=op.f('ck_code_table_source')),
    sa.ForeignKeyConstraint(['layer_id'], ['code_layer.id'], name=op.f('fk_code_table_layer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_table'))
    )
    with op.batch_alter_table('code_table', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_table_layer_id'), ['layer_id'], unique=False)
        batch_op.create_index('uq_code_table_in_force', ['layer_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))

    op.create_table('recheck',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('top', sa.Integer(), nullable=False),
    sa.Column('percent', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('threshold', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seed', sa.String(length=120), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('drawn_from', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('drawn_count', sa.Integer(), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('full_by', sa.String(length=64), nullable=False),
    sa.Column('full_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("source IN ('hall', 'system')", name=op.f('ck_recheck_source')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_recheck_part_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck'))
    )
    with op.batch_alter_table('recheck', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_part_id'), ['part_id'], unique=False)
        batch_op.create_index('uq_recheck_in_force', ['part_id'], unique=True, sqlite_where=sa.text('superseded_at IS NULL'), postgresql_where=sa.text('superseded_at IS NULL'))

    op.create_table('code_opening',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('table_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('asked_by', sa.String(length=64), nullable=False),
    sa.Column('asked_name', sa.String(length=64), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_by', sa.String(length=64), nullable=False),
    sa.Column('settled_name', sa.String(length=64), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('ordinary', 'emergency')", name=op.f('ck_code_opening_kind')),
    sa.CheckConstraint("state IN ('asked', 'opened', 'dropped', 'broken')", name=op.f('ck_code_opening_state')),
    sa.ForeignKeyConstraint(['table_id'], ['code_table.id'], name=op.f('fk_code_opening_table_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_code_opening'))
    )
    with op.batch_alter_table('code_opening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_code_opening_table_id'), ['table_id'], unique=False)
        batch_op.create_index('uq_code_opening_asked', ['table_id'], unique=True, sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))

    op.create_table('recheck_signature',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('recheck_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('judge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('drawing', sa.LargeBinary(), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_recheck_signature_judge_id')),
    sa.ForeignKeyConstraint(['recheck_id'], ['recheck.id'], name=op.f('fk_recheck_signature_recheck_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck_signature'))
    )
    with op.batch_alter_table('recheck_signature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_signature_judge_id'), ['judge_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_recheck_signature_recheck_id'), ['recheck_id'], unique=False)

    op.create_table('recheck_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('recheck_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=8), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('found', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('before', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('checked_by', sa.String(length=64), nullable=False),
    sa.Column('checked_name', sa.String(length=64), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_name', sa.String(length=64), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('open', 'right', 'wrong', 'corrected', 'dismissed')", name=op.f('ck_recheck_item_state')),
    sa.CheckConstraint("why IN ('top', 'drawn', 'full')", name=op.f('ck_recheck_item_why')),
    sa.ForeignKeyConstraint(['recheck_id'], ['recheck.id'], name=op.f('fk_recheck_item_recheck_id')),
    sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id'], name=op.f('fk_recheck_item_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck_item')),
    sa.UniqueConstraint('recheck_id', 'sheet_id', name=op.f('uq_recheck_item_recheck_id_sheet_id'))
    )
    with op.batch_alter_table('recheck_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recheck_item_sheet_id'), ['sheet_id'], unique=False)

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('unveiled_at', sa.DateTime(timezone=True), nullable=True))
