import { TestEnvironment } from 'jest-environment-node';

const skipAll = (block) => {
  for (const child of block.children)
    if (child.type === 'describeBlock') skipAll(child);
    else child.mode = 'skip';
};

/** Without a Kafka and a Redis (start-servers.mjs has said why) every test is skipped, and with them all hooks. */
export default class ClusterEnvironment extends TestEnvironment {
  handleTestEvent({ name }, { rootDescribeBlock }) {
    const areThere = process.env.LOTLINE_TEST_KAFKA !== undefined && process.env.LOTLINE_TEST_REDIS !== undefined;
    if (name === 'run_start' && !areThere) skipAll(rootDescribeBlock);
  }
}
