import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { partyIdOf, placeIdOf, type DataOf, type LotReceived } from '#contracts';
import type { Clock } from '#kernel';
import { CLOCK, commandContext, Requires, TakesNoIfMatch } from '#platform';
import type { BookKeeper } from '../../books/book-keeper.js';
import { deliveryReceipt } from '../../deliveries/deliveries-projector.js';
import type { DeliveryQueries } from '../../deliveries/delivery-queries.js';
import { progressOf, type ReceivedLot } from '../../domain/delivery/progress.js';
import { itemNamed, lotNamed, stockStreamOf } from '../../domain/stock-stream.js';
import { BOOK_KEEPER, DELIVERY_QUERIES } from '../../tokens.js';
import { defined } from '../defined.js';
import { ownIdOf } from '../own-id.js';
import { ReceiveStockDto } from './receive-stock.dto.js';

export interface ReceiptAnswer {
  receipt: string;
  lot: string;
  /** Against the expected delivery it names. */
  delivery?: {
    delivery: string;
    announced: boolean;
    /** Any of it was announced: item and kind of amount. */
    ordered?: boolean;
  } & Partial<Pick<ReceivedLot, 'late' | 'life' | 'agreed'>>;
}

@ApiTags('inventory')
@Controller('inventory/receipts')
@TakesNoIfMatch()
export class ReceiveStockController {
  constructor(
    @Inject(BOOK_KEEPER) private readonly books: BookKeeper,
    @Inject(DELIVERY_QUERIES) private readonly deliveries: DeliveryQueries,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Records goods received by command. */
  @Post()
  @HttpCode(201)
  @Requires('inventory:write')
  async receive(@Body() dto: ReceiveStockDto): Promise<ReceiptAnswer> {
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
    const { lot, delivery } = receipt;
    if (delivery === undefined) return { receipt: receipt.receipt, lot };
    const at = dto.receivedAt ?? this.clock().toISOString();
    return { receipt: receipt.receipt, lot, delivery: await this.against(delivery, receipt, at) };
  }

  /** What was agreed, and what came. */
  private async against(
    delivery: string,
    receipt: DataOf<typeof LotReceived>,
    at: string,
  ): Promise<NonNullable<ReceiptAnswer['delivery']>> {
    const announced = await this.deliveries.announced(delivery);
    if (!announced) return { delivery, announced: false };
    const [received] = progressOf(announced, [deliveryReceipt(receipt, at)]).receipts;
    const { late, life, agreed, lines = [] } = received ?? {};
    return {
      delivery,
      announced: true,
      ordered: lines.length > 0,
      ...defined({ late, life, agreed }),
    };
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
    delivery: dto.delivery,
    dates: dto.dates === undefined ? undefined : defined(dto.dates),
  }),
  amount: { value: dto.amount.value, unit: dto.amount.unit },
  place: placeIdOf(dto.place).id,
  quarantine: dto.quarantine ?? false,
});
