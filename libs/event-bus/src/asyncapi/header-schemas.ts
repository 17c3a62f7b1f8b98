import Type, { type TProperties } from 'typebox';

/** Headers are text; others may stand beside those that are named. */
const headers = <const P extends TProperties>(properties: P, description: string) =>
  Type.Object(properties, { additionalProperties: true, description });

const text = (description: string) => Type.String({ description });
const whole = (description: string) => Type.String({ pattern: '^[0-9]{1,15}$', description });

const position = text(
  'Place of the event in the event log: opaque, ordered by plain string comparison; nobody adds to it or subtracts.',
);

/** What `encodeRecord` writes of every event; its types and versions are said by each message. */
export const EventHeaders = headers(
  {
    ce_specversion: Type.Literal('1.0', { description: 'CloudEvents 1.0, Kafka protocol binding, binary mode.' }),
    ce_id: Type.String({
      format: 'uuid',
      description: 'Id of the event, the same however often it is published: count it once by this.',
    }),
    ce_source: text('The system that said it: the reporting system of a fact, `lotline/<app>` of a decision.'),
    ce_type: text('Type of the event.'),
    ce_subject: text('The stream it belongs to.'),
    ce_time: text('When it happened: ISO 8601 with offset, as stated.'),
    ce_dataschema: Type.String({
      pattern: '^urn:lotline:event:[A-Za-z]+:[0-9]+$',
      description: 'Type and version of the schema that the value follows.',
    }),
    'content-type': Type.Literal('application/json'),
    lotline_position: position,
    lotline_revision: whole('Place in its stream, from 0.'),
    lotline_recordtime: Type.String({
      format: 'date-time',
      description: 'When it was recorded, UTC; never going back along positions.',
    }),
    lotline_schemaversion: whole('Version of the schema that the value follows.'),
    lotline_actor: text('Who asked: a subject of the guard, or `system:<process>`.'),
    lotline_correlationid: text('Common to all that one request caused.'),
    lotline_commandid: Type.Optional(text('The command that caused it.')),
    lotline_causationid: Type.Optional(text('The event that caused it.')),
    traceparent: Type.Optional(text('W3C trace context.')),
  },
  'What every record that carries an event has.',
);

/** What records of log topics have besides: how they hang together (ADR 0014). */
export const ChainHeaders = headers(
  {
    lotline_position: position,
    lotline_after: text(
      'Position of the record before this one in its partition, over all log topics; empty at the beginning. Where it is beyond what a reader has seen, something is missing that the event log has.',
    ),
    lotline_log: text('Id of the event log.'),
    lotline_epoch: whole('Rises when the log is restored from a backup; positions of another epoch mean nothing.'),
    lotline_partitions: whole('Into how many partitions the log was divided when this was published.'),
  },
  'How a record of a log topic follows on the one before it in its partition.',
);

export const WatermarkHeaders = headers(
  { lotline_watermark: Type.Literal('true'), ...ChainHeaders.properties },
  'Everything of the partition up to `lotline_position` stands before this record.',
);

/** What `encodeOmitted` says of an alert that no broker would take. */
export const OmittedHeaders = headers(
  { ...EventHeaders.properties, lotline_omitted: whole('Bytes that the record would have had.') },
  'The data is too large for a record: read it by the API.',
);

/** What `deadLetterRecord` adds to the headers as they came. */
export const DeadLetterHeaders = headers(
  {
    lotline_dead_reason: text('Why no worker could decode it.'),
    lotline_dead_topic: text('Where it stood: topic,'),
    lotline_dead_partition: whole('partition'),
    lotline_dead_offset: whole('and offset.'),
    lotline_dead_group: text('Group of the worker that met it.'),
  },
  'Headers as they came, and these.',
);

/** What the way in reads of the headers of a record, if they are there. */
export const InboundHeaders = headers(
  {
    'content-type': Type.Optional(text('Tells the form where the content does not; only JSON is taken.')),
    lotline_source: Type.Optional(text('The reporting system, where the content names none.')),
    lotline_correlationid: Type.Optional(text('Kept with what is recorded.')),
    traceparent: Type.Optional(text('W3C trace context, continued.')),
  },
  'All of them may be missing.',
);

/** Of a CloudEvent in binary mode. */
export const BinaryHeaders = headers(
  {
    ...InboundHeaders.properties,
    ce_specversion: Type.Literal('1.0'),
    ce_id: text('As in structured mode, like the other attributes.'),
    ce_source: text('The reporting system.'),
    ce_type: text('Which fact it is.'),
    ce_time: text('When it happened: a date-time with an offset.'),
  },
  'Attributes of the CloudEvent, whose data is the value.',
);

/** What is added to the headers of a record that was not taken. */
export const RefusedHeaders = headers(
  {
    lotline_refused_id: text('The same however often it is refused: count it once by this.'),
    lotline_refused_code: text('Code of the first problem.'),
    lotline_refused_message: text('The first problem in words.'),
    lotline_refused_field: Type.Optional(text('Where it is: a JSON pointer.')),
    lotline_refused_problems: Type.Optional(text('The problems as JSON, a list, as many as there is room for.')),
    lotline_refused_event: Type.Optional(text('Id of the event, where it could be read.')),
    lotline_refused_topic: text('Where the record stood: topic,'),
    lotline_refused_partition: whole('partition'),
    lotline_refused_offset: whole('and offset.'),
    lotline_refused_index: Type.Optional(
      whole('Of an event of a document: its place in the list; the value is that event.'),
    ),
    lotline_refused_context: Type.Optional(text('Of an event of a document: the `@context` of the document.')),
    lotline_refused_left_out: Type.Optional(text('Why there is no value: it did not fit here.')),
  },
  'Headers as they came, and these.',
);
