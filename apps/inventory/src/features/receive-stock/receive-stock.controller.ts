import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { partyIdOf, placeIdOf, type DataOf, type LotReceived } from '#contracts';
import { commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { itemNamed, lotNamed, stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER } from '../../tokens.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import { ReceiveStockDto } from './receive-stock.dto.js';

@ApiTags('inventory')
@Controller('inventory/receipts')
@TakesNoIfMatch()
export class ReceiveStockController {
  constructor(@Inject(BOOK_KEEPER) private readonly books: BookKeeper) {}

  /** Records goods received by command. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:write')
  async receive(@Body() dto: ReceiveStockDto): Promise<{ receipt: string; lot: string }> {
    const context = commandContext();
    const receipt = receiptOf(dto, ownIdOf(context, dto.receipt));
    await this.books.carryOut(
      {},
      [
        {
          stream: stockStreamOf(receipt.lot),
          command: (known) => ({ type: 'receive', receipt, at: dto.receivedAt, ...known }),
        },
      ],
      context,
    );
    return { receipt: receipt.receipt, lot: receipt.lot };
  }
}

const receiptOf = (dto: ReceiveStockDto, receipt: string): DataOf<typeof LotReceived> => ({
  receipt,
  lot: lotNamed({
    lot: dto.lot,
    item: dto.item,
    lotCode: dto.lotCode ?? dto.supplierLot,
    party: dto.party ?? dto.supplier,
  }),
  ...defined({
    item: dto.item === undefined ? undefined : itemNamed(dto.item),
    lotCode: dto.lotCode,
    supplier: dto.supplier === undefined ? undefined : partyIdOf(dto.supplier).id,
    supplierLot: dto.supplierLot,
    document: dto.document,
    dates: dto.dates === undefined ? undefined : defined(dto.dates),
  }),
  amount: { value: dto.amount.value, unit: dto.amount.unit },
  place: placeIdOf(dto.place).id,
  quarantine: dto.quarantine ?? false,
});
