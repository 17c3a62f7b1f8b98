import { randomBytes } from 'node:crypto';
import { createBullmqJobs } from '#jobs';
import { createLogger, migrateDatabase, readConfig } from '#platform';
import { createTestDatabase, testKafka, testRedis } from '#testkit';
import { InstallationModule } from '../../installation.module.js';
import { newKey } from '../new-key.js';
import { describeJobCommands } from './job-commands.fixture.js';

describeJobCommands('Redis', async () => {
  const database = await createTestDatabase();
  const prefix = `t${randomBytes(6).toString('hex')}`;
  const env = {
    ...{ LOTLINE_PROFILE: 'cluster', DATABASE_URL: database.url, KAFKA_BROKERS: testKafka(), REDIS_URL: testRedis() },
    ...{ LOTLINE_TOPIC_PREFIX: prefix, LOTLINE_API_KEYS: newKey('operator', ['*']).entry },
  };
  await migrateDatabase(InstallationModule, readConfig(env), createLogger({ level: 'fatal', name: 'spec' }));
  const jobs = createBullmqJobs({ redisUrl: testRedis(), prefix });
  return {
    env,
    jobs,
    stop: async () => {
      await jobs.close();
      await database.drop();
    },
  };
});
