import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Param, Post, Query, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Endpoint, Webhooks } from '#webhooks';
import { Requires } from '../auth/requires.js';
import { commandContext } from '../commands/command-context.js';
import { validationPipe } from '../http/validation.js';
import { PageDto } from '../paging/page.dto.js';
import { cursorKey, pageOf, type Page } from '../paging/page.js';
import {
  deliveryView,
  testView,
  webhookView,
  type DeliveryView,
  type TestView,
  type WebhookView,
} from './webhook-view.js';
import type { WebhookFeature } from './webhooks-of.js';
import { ListDeliveriesDto, type WebhookDto } from './webhooks.dto.js';

/** Shown once: nobody can read it again. */
export type WebhookWithSecret = WebhookView & { secret: string };

const TELLS_SECRET =
  'The secret is told in this answer only (a repetition with the same `Idempotency-Key` gets it too).';

const seedOf = (): { by: string; seed: string } => {
  const { actor: by, eventSeed: seed } = commandContext();
  return { by, seed };
};

/** The routes `/<context>/webhooks`, one class for each context. */
export const webhooksController = <Dto extends WebhookDto>(feature: WebhookFeature<Dto>, token: symbol): Type => {
  const { context, dto, only, shown } = feature;
  const view = (endpoint: Endpoint): WebhookView => ({ ...webhookView(endpoint), ...shown(endpoint.only) });

  @ApiTags(context)
  @Controller(`${context}/webhooks`)
  @Requires(`${context}:webhooks`)
  class WebhooksController {
    constructor(@Inject(token) private readonly webhooks: Webhooks) {}

    @ApiOperation({ summary: `Subscribes an endpoint: ${feature.tells}`, description: TELLS_SECRET })
    @ApiBody({ type: dto })
    @Post()
    @HttpCode(201)
    @Header('cache-control', 'no-store')
    async add(@Body(validationPipe(dto)) body: unknown): Promise<WebhookWithSecret> {
      const asked = body as Dto;
      const subscription = { url: asked.url, description: asked.description, only: only(asked) };
      const { endpoint, secret } = await this.webhooks.add(subscription, seedOf());
      return { ...view(endpoint), secret };
    }

    @ApiOperation({ summary: 'Webhooks by age, without their secrets.' })
    @Get()
    async list(@Query() { cursor, limit = 100 }: PageDto): Promise<Page<WebhookView>> {
      const found = await this.webhooks.list(cursorKey(cursor, 2), limit + 1);
      return pageOf(found.map(view), limit, ({ createdAt, id }) => [createdAt, id]);
    }

    @ApiOperation({
      summary: 'Deliveries in the order of the log, each with its latest attempts.',
      description: '`dead`: not tried any more; retry it once its receiver is mended.',
    })
    @Get('deliveries')
    async deliveries(@Query() { state, webhook, cursor, limit = 100 }: ListDeliveriesDto): Promise<Page<DeliveryView>> {
      const found = await this.webhooks.deliveries({ state, endpoint: webhook }, cursorKey(cursor, 2), limit + 1);
      return pageOf(found.map(deliveryView), limit, ({ position, id }) => [position, id]);
    }

    @ApiOperation({ summary: 'Sends a delivery again, now, with the same id and all its attempts before it.' })
    @Post('deliveries/:id/retry')
    @HttpCode(202)
    async retry(@Param('id') id: string): Promise<void> {
      await this.webhooks.retry(id);
    }

    @ApiOperation({ summary: 'One webhook, without its secret.' })
    @Get(':id')
    async read(@Param('id') id: string): Promise<WebhookView> {
      return view(await this.webhooks.read(id));
    }

    @ApiOperation({ summary: 'Ends a subscription; what was not delivered yet is not delivered any more.' })
    @Delete(':id')
    @HttpCode(204)
    async remove(@Param('id') id: string): Promise<void> {
      await this.webhooks.remove(id);
    }

    @ApiOperation({
      summary: 'Gives it a new secret; for 24 hours messages are signed with the former one too.',
      description: TELLS_SECRET,
    })
    @Post(':id/rotate-secret')
    @HttpCode(200)
    @Header('cache-control', 'no-store')
    async rotate(@Param('id') id: string): Promise<WebhookWithSecret> {
      const { endpoint, secret } = await this.webhooks.rotate(id, seedOf());
      return { ...view(endpoint), secret };
    }

    @ApiOperation({ summary: 'Sends to it again after it answered 410 Gone; all that waits for it is sent now.' })
    @Post(':id/enable')
    @HttpCode(200)
    async enable(@Param('id') id: string): Promise<WebhookView> {
      return view(await this.webhooks.enable(id));
    }

    @ApiOperation({ summary: 'Sends it a `WebhookPing`, signed as any message, and tells what came of it.' })
    @Post(':id/test')
    @HttpCode(200)
    async test(@Param('id') id: string): Promise<TestView> {
      return testView(await this.webhooks.test(id));
    }
  }
  // OpenAPI names operations by it.
  Object.defineProperty(WebhooksController, 'name', { value: `${context}WebhooksController` });
  return WebhooksController;
};
