import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { canonicalId } from '#kernel';
import { CONFIG, type LotlineConfig, ReadsFrom, Requires } from '#platform';
import { scopeOf, type Scope } from '#traceability';
import { GENEALOGY } from '../../read-model/genealogy-projector.js';
import type { GenealogyReader } from '../../read-model/genealogy-reader.js';
import { GENEALOGY_READER } from '../../tokens.js';
import { partiesOfStock } from './parties-of-stock.js';
import { ScopeSuspectsDto } from './scope-suspects.dto.js';
import { suspectLots } from './suspect-lots.js';

export interface SuspectScope extends Omit<Scope, 'stock' | 'consignees'> {
  /** Ids of all suspect lots, known to the record or not. */
  suspects: string[];
  /** Which of the suspects, by their index, nothing recorded matches. */
  unmatched: number[];
  /** `party`: whose place it is at; null where nobody said. `ours`: at a place of the organisation's own. */
  stock: (Scope['stock'][number] & { party: string | null; ours: boolean })[];
  /** `ours`: where the organisation's own parties are configured, whether it is one of them. */
  consignees: (Scope['consignees'][number] & { ours: boolean })[];
}

@ApiTags('genealogy')
@Controller('genealogy/scope')
export class ScopeSuspectsController {
  constructor(
    @Inject(GENEALOGY_READER) private readonly reader: GenealogyReader,
    @Inject(CONFIG) private readonly config: LotlineConfig,
  ) {}

  /** Everything that several suspects reach, as one question: exposure is to all of them together. */
  @Post()
  @HttpCode(200)
  @Requires('genealogy:read')
  @ReadsFrom(GENEALOGY)
  async scope(@Body() dto: ScopeSuspectsDto): Promise<SuspectScope> {
    return this.reader.read(async (snapshot) => {
      const bySuspect = await suspectLots(dto.suspects, snapshot);
      const named = [...new Set(bySuspect.flat())].sort();
      const { stock, consignees, ...scope } = await scopeOf(named, snapshot.graph);
      const parties = await partiesOfStock(stock, snapshot);
      const unknown = new Set(scope.unknown);
      const own = new Set(this.config.ownParties.map((id) => canonicalId(id).id));
      return {
        ...scope,
        suspects: named,
        unmatched: bySuspect.flatMap((lots, index) => (lots.every((lot) => unknown.has(lot)) ? [index] : [])),
        stock: stock.map((row) => {
          const party = parties.get(row.place ?? '') ?? null;
          return { ...row, party, ours: own.size === 0 || party === null || own.has(party) };
        }),
        consignees: consignees.map((consignee) => ({ ...consignee, ours: own.has(consignee.party) })),
      };
    });
  }
}
