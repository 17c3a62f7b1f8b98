import { createPostgresJobs } from '#jobs';
import { createLogger, migrateDatabase, readConfig } from '#platform';
import { createTestDatabase } from '#testkit';
import { InstallationModule } from '../../installation.module.js';
import { describeJobCommands } from './job-commands.fixture.js';

describeJobCommands('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const env = { DATABASE_URL: database.url };
  await migrateDatabase(InstallationModule, readConfig(env), createLogger({ level: 'fatal', name: 'spec' }));
  const jobs = createPostgresJobs({ databaseUrl: database.url });
  return {
    env,
    jobs,
    stop: async () => {
      await jobs.close();
      await database.drop();
    },
  };
});
