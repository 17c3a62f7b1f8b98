import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { AllocateStockDto } from './allocate-stock/allocate-stock.dto.js';
import { AnnounceDeliveryDto } from './announce-delivery/announce-delivery.dto.js';
import { DecideUsageDto } from './inspect-lot/inspect-lot.dto.js';
import { SetActionDto } from './nonconformances/nonconformances.dto.js';

describe('days as GS1 writes them', () => {
  it('are plain days wherever a command states one', () => {
    expect(plainToInstance(DecideUsageDto, { decision: 'accept', retest: '261000' })).toMatchObject({
      retest: '2026-10-31',
    });
    expect(plainToInstance(AnnounceDeliveryDto, { due: '260420' })).toMatchObject({ due: '2026-04-20' });
    expect(plainToInstance(SetActionDto, { due: '260420' })).toMatchObject({ due: '2026-04-20' });
    expect(plainToInstance(AllocateStockDto, { neededOn: '260420' })).toMatchObject({ neededOn: '2026-04-20' });
  });
});
