import { IsString, Length, Matches } from 'class-validator';

/** A quantity as commands state it: an exact decimal text above zero, and a UN/ECE Rec 20 unit code. */
export class AmountDto {
  /** Decimal text, e.g. "12000" or "0.5". */
  @IsString()
  @Length(1, 64)
  @Matches(/^(?=.*[1-9])(\d+(\.\d*)?|\.\d+)$/, { message: 'value must be a decimal number above zero, as text' })
  value!: string;

  /** UN/ECE Rec 20 code, e.g. KGM, LTR, EA. */
  @IsString()
  @Matches(/^\S{1,64}$/, { message: 'unit must be a unit code such as KGM' })
  unit!: string;
}
