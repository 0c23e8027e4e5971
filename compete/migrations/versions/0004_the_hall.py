"""the hall"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('presence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('judge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('holds', sa.Boolean(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('battery', sa.Integer(), nullable=True),
    sa.Column('charging', sa.Boolean(), nullable=True),
    sa.Column('viewing', sa.String(length=40), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_presence_judge_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presence')),
    sa.UniqueConstraint('judge_id', 'device', name=op.f('uq_presence_judge_id_device'))
    )
    op.create_table('keying',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('contest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('judge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('keyed_by', sa.String(length=64), nullable=False),
    sa.Column('keyed_name', sa.String(length=64), nullable=False),
    sa.Column('marks', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('keyed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.CheckConstraint("state IN ('open', 'matched', 'superseded')", name=op.f('ck_keying_state')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_keying_contest_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_keying_entry_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_keying_judge_id')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_keying_part_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_keying'))
    )
    with op.batch_alter_table('keying', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_keying_contest_id'), ['contest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keying_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_keying_judge_id'), ['judge_id'], unique=False)
        batch_op.create_index('ix_keying_sheet', ['part_id', 'entry_id', 'judge_id'], unique=False)

    op.create_table('late_mark',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('contest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('judge_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('device', sa.String(length=64), nullable=False),
    sa.Column('message', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('decided_by', sa.String(length=64), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'accepted', 'rejected')", name=op.f('ck_late_mark_state')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_late_mark_contest_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_late_mark_entry_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_late_mark_judge_id')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_late_mark_part_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_late_mark')),
    sa.UniqueConstraint('judge_id', 'entry_id', 'part_id', 'digest', name=op.f('uq_late_mark_judge_id_entry_id_part_id_digest'))
    )
    with op.batch_alter_table('late_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_late_mark_contest_id'), ['contest_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_mark_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_late_mark_part_id'), ['part_id'], unique=False)

    op.create_table('showing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('contest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('part_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('score', 'standings', 'vote')", name=op.f('ck_showing_kind')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_showing_contest_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['entry.id'], name=op.f('fk_showing_entry_id')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_showing_event_id')),
    sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_showing_part_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_showing')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_showing_contest_id_number'))
    )
    with op.batch_alter_table('showing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_showing_entry_id'), ['entry_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_showing_event_id'), ['event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_showing_part_id'), ['part_id'], unique=False)

    op.create_table('screen',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('contest_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('scene', sa.String(length=16), nullable=False),
    sa.Column('data', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('theme', sa.String(length=16), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('hall', 'audience')", name=op.f('ck_screen_kind')),
    sa.CheckConstraint("scene IN ('black', 'message', 'order', 'current', 'score', 'standings', 'ceremony', 'draw', 'vote')", name=op.f('ck_screen_scene')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_screen_contest_id')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_screen_session_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screen')),
    sa.UniqueConstraint('contest_id', 'name', name=op.f('uq_screen_contest_id_name')),
    sa.UniqueConstraint('key', name=op.f('uq_screen_key'))
    )
    with op.batch_alter_table('screen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_screen_session_id'), ['session_id'], unique=False)

    op.create_table('podium',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('session_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('phase', sa.String(length=16), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ran_ms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('allotted_ms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('only_current', sa.Boolean(), nullable=False),
    sa.Column('turns', sa.JSON(none_as_null=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('touch', sa.String(length=40), nullable=False),
    sa.Column('undo', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('notice', sa.String(length=200), nullable=False),
    sa.Column('notice_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("phase IN ('idle', 'speech', 'questions', 'over')", name=op.f('ck_podium_phase')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_podium_session_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_podium_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_podium')),
    sa.UniqueConstraint('session_id', name=op.f('uq_podium_session_id'))
    )
    with op.batch_alter_table('podium', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_podium_slot_id'), ['slot_id'], unique=False)

    op.create_table('timing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('slot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phase', sa.String(length=16), nullable=False),
    sa.Column('allotted_ms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ran_ms', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('penalty_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('waived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('void_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("phase IN ('speech', 'questions')", name=op.f('ck_timing_phase')),
    sa.ForeignKeyConstraint(['penalty_id'], ['penalty.id'], name=op.f('fk_timing_penalty_id')),
    sa.ForeignKeyConstraint(['slot_id'], ['slot.id'], name=op.f('fk_timing_slot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timing'))
    )
    with op.batch_alter_table('timing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_timing_penalty_id'), ['penalty_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_timing_slot_id'), ['slot_id'], unique=False)

    with op.batch_alter_table('contest', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rehearsal_of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index(batch_op.f('ix_contest_rehearsal_of_id'), ['rehearsal_of_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_contest_rehearsal_of_id'), 'contest', ['rehearsal_of_id'], ['id'])

    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.add_column(sa.Column('timing', sa.JSON(none_as_null=True), server_default=sa.text("'{}'"), nullable=False))

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_membership_role'), type_='check')
        batch_op.create_check_constraint(
            op.f('ck_membership_role'), "role IN ('organiser', 'chief', 'finance', 'supervisor', 'host', 'coder', 'recorder')"
        )
