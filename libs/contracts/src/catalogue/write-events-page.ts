import { writeFileSync } from 'node:fs';
import { allEvents } from './all-events.js';
import { eventsPage } from './events-page.js';

writeFileSync('docs/events.md', eventsPage(allEvents));
