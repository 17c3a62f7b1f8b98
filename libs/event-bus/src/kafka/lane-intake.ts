import type { KafkaMessage } from 'kafkajs';
import type { LogIdentity } from '#event-log';
import type { Lane } from './lane.js';
import { decodeLink, decodeRecord, isWatermark, UndecodableRecord, type RecordHeaders } from './record-format.js';

/** A record of a log topic that is none, with what is wrong with it. */
export interface DeadLetter {
  topic: string;
  message: KafkaMessage;
  reason: string;
}

/** What turned up among the records of a lane that is not for the lane itself. */
export interface Findings {
  /** To be written down before anything later is handed out. */
  letters: DeadLetter[];
  /** Another log, or a later epoch of this one, has begun to publish. */
  otherLog?: LogIdentity;
  /** The log has been divided into more partitions than the lane knows of. */
  divided?: number;
}

export interface LaneIntake {
  findings: Findings;
  take(topic: string, messages: readonly KafkaMessage[]): void;
}

/** Rough size of an event beside its value: its headers and what the runtime needs for the objects. */
const EVENT_BYTES = 1_000;

/** Reads records of a partition's topics into its lane. Records of an older epoch or an older division are passed over. */
export const createLaneIntake = (lane: Lane, log: LogIdentity, partitions: number): LaneIntake => {
  const findings: Findings = { letters: [] };

  const takeOne = (topic: string, message: KafkaMessage): void => {
    const offset = Number(message.offset);
    const headers: RecordHeaders = message.headers ?? {};
    const link = decodeLink(headers);
    const isOtherLog = link.log.logId !== log.logId || link.log.epoch > log.epoch;
    if (isOtherLog) findings.otherLog ??= link.log;
    if (link.partitions > partitions) findings.divided ??= link.partitions;
    if (isOtherLog || link.log.epoch < log.epoch || link.partitions !== partitions) lane.pass(topic, offset);
    else if (isWatermark(headers)) lane.push(topic, { offset, ...link, bytes: 0 });
    else {
      const event = decodeRecord(headers, message.value);
      lane.push(topic, { offset, ...link, event, bytes: (message.value?.length ?? 0) + EVENT_BYTES });
    }
  };

  return {
    findings,
    take(topic, messages) {
      for (const message of messages)
        try {
          takeOne(topic, message);
        } catch (error) {
          if (!(error instanceof UndecodableRecord)) throw error;
          // The chain is not moved on: the next record shows that something is missing, and the log is asked.
          findings.letters.push({ topic, message, reason: error.message });
          lane.pass(topic, Number(message.offset));
        }
    },
  };
};
