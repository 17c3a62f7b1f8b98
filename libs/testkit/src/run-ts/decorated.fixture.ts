import 'reflect-metadata';
import { canonicalId } from '#kernel';
import { lineAbout } from './greeting.fixture.js';

const marks = (_: unknown, key: string): void => void process.stdout.write(`decorated ${key}\n`);

class Decorated {
  @marks
  greet(name: string): string {
    return lineAbout(name, typeof canonicalId);
  }
}

process.stdout.write(`${new Decorated().greet(process.argv[2] ?? '')} ${process.env.FIXTURE ?? ''}\n`);
// Stays until it is told or killed.
process.stdin.once('data', () => process.exit(3));
