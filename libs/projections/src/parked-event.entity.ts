import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A parked event as operators read it; the engine itself writes the table set-based. */
@Entity({ schema: 'projections', name: 'parked', synchronize: false })
export class ParkedEvent {
  /** Schema of the build that could not apply it. */
  @PrimaryColumn({ type: 'text' })
  schema!: string;

  @PrimaryColumn({ name: 'event_id', type: 'uuid' })
  eventId!: string;

  @Column({ type: 'text' })
  projection!: string;

  @Column({ type: 'int' })
  version!: number;

  @Column({ type: 'text' })
  stream!: string;

  @Column({ type: 'int' })
  revision!: number;

  @Column({ type: 'text' })
  type!: string;

  /** Opaque log position. */
  @Column({ type: 'text' })
  position!: string;

  /** Parked only because an earlier event of its stream is. */
  @Column({ type: 'boolean' })
  follows!: boolean;

  @Column({ type: 'text' })
  error!: string;

  @Column({ type: 'text' })
  status!: 'parked' | 'retried' | 'discarded';

  @Column({ type: 'int' })
  attempts!: number;

  /** Log id of the operator's decision that ended the parking. */
  @Column({ name: 'resolved_by', type: 'uuid', nullable: true })
  resolvedBy!: string | null;

  @Column({ name: 'first_parked', type: 'timestamptz' })
  firstParked!: Date;

  @Column({ name: 'changed_at', type: 'timestamptz' })
  changedAt!: Date;
}
