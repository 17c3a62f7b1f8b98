import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsString, Length, Matches, registerDecorator } from 'class-validator';
import { calendarDay, instant } from '#kernel';

const IDENTIFIER = /^([A-Za-z][A-Za-z0-9+.-]*:\S+|\d{8}|\d{12,14}|\d{18})$/;

/** An identifier in any form that `canonicalId` of #kernel takes, or the bare digits of a GTIN, GLN or SSCC. */
export const IsIdentifier = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    Length(1, 2048),
    Matches(IDENTIFIER, {
      message: '$property must be an identifier: a URI, or the digits of a GTIN, GLN or SSCC',
    }),
  );

/** A name that the caller gives to what it makes: a shipment, a hold, an allocation. */
export const IsOwnId = (): PropertyDecorator =>
  applyDecorators(IsString(), Length(1, 200), Matches(/^[^\s\p{Cc}]+$/u, { message: '$property must be one word' }));

/** A reason, note or name for people. */
export const IsText = (maxLength = 2000): PropertyDecorator =>
  applyDecorators(IsString(), Length(1, maxLength), Matches(/\S/, { message: '$property must say something' }));

const isThat =
  (name: string, message: string, test: (text: string) => boolean): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(property),
      options: { message },
      validator: { validate: (value: unknown) => typeof value === 'string' && test(value) },
    });

/** Decisions compare days as text: what GS1 writes (YYMMDD, day 00 for the last of the month) becomes a plain day. */
const AsPlainDay = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{6}$|-00$/.test(value) ? (calendarDay(value) ?? value) : value,
  );

/**
 * A possible calendar day (also as GS1 writes it: YYMMDD, which becomes a plain day), or a date-time whose own written offset
 * tells the day.
 */
export const IsDay = (): PropertyDecorator =>
  applyDecorators(
    AsPlainDay(),
    isThat(
      'isDay',
      '$property must be a possible day (2026-04-20) or date-time with offset',
      (text) => calendarDay(text) !== undefined,
    ),
  );

/** A possible date-time with offset (RFC 3339). */
export const IsInstant = (): PropertyDecorator =>
  isThat(
    'isInstant',
    '$property must be a date-time with offset (2026-04-20T10:00:00Z)',
    (text) => instant(text) !== undefined,
  );
