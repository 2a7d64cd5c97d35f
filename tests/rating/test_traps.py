"""What the field gets wrong with time, pools and bills: each choice at its boundary, held to what the rules state."""

from __future__ import annotations

from tests.rating.proofs import proves

# ---------------------------------------------------------------- time


def test_a_lot_expires_at_the_instant_and_no_longer_covers_there():
    proves("""
    meter m in calls
    package p { covers m; sizes { 10 calls 1 USD }; valid 1 month from purchase }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from p > fee
    example "a second before" { buy 1 of p 10 calls on 2026-01-31 10:00 as a; use 1 call of m on 2026-02-28 09:59:59
                                expect drawn(a) == 1 call }
    example "at the instant"  { buy 1 of p 10 calls on 2026-01-31 10:00 as a; use 1 call of m on 2026-02-28 10:00:00
                                expect drawn(a) == 0 calls; expect fee == 1 USD }
    """)


def test_a_lot_does_not_pay_for_usage_before_it_existed_unless_the_list_says_so():
    proves("""
    meter m in calls
    package plain { covers m; sizes { 10 calls 1 USD }; valid 1 month from purchase }
    package early { covers m; sizes { 20 calls 1 USD }; valid 1 month from start of day(purchase) }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from plain > early > fee
    example "bought at noon, used at eleven" {
      buy 1 of plain 10 calls on 2026-03-05 12:00 as a
      buy 1 of early 20 calls on 2026-03-05 12:00 as b
      use 1 call of m on 2026-03-05 11:00
      expect drawn(a) == 0 calls; expect drawn(b) == 1 call
    }
    """)


def test_an_anniversary_on_the_31st_is_the_last_day_and_the_31st_again():
    proves("""
    meter m in calls
    charge fee { on m; every month from activation; graduated { up to 10 1 USD/call; beyond 0.5 USD/call } }
    example "31 January, 28 February, 31 March" {
      set activation 2026-01-31
      use 10 calls of m on 2026-02-27 23:59
      use 10 calls of m on 2026-02-28 00:00
      use 10 calls of m on 2026-03-30 23:59
      use 10 calls of m on 2026-03-31 00:00
      expect fee == 35 USD
    }
    """)


def test_a_day_of_23_and_one_of_25_hours():
    proves(
        """
    meter level { measure integral(quantity) / length(period) in GB }
    meter gb_hours { reads level; measure integral(quantity) / 1 hour in GB }
    charge fee  { on level; every day; rate 1 USD/GB }
    charge by_hours { on gb_hours; every day; rate 1 USD/GB }
    example "clocks forward: 23 hours" { use 1 GB of level from 2026-03-29 to 2026-03-30
                                         expect fee == 1 USD; expect by_hours == 23 USD }
    example "clocks back: 25 hours"    { use 1 GB of level from 2026-10-25 to 2026-10-26
                                         expect fee == 1 USD; expect by_hours == 25 USD }
    """,
        timezone="Europe/Berlin",
    )


def test_a_state_over_a_month_end_belongs_to_both_months():
    proves("""
    meter level { measure integral(quantity) / length(period) in GB }
    charge fee { on level; every month; rate 31 USD/GB }
    example "the last day of January and the first of February" {
      use 28 GB of level from 2026-01-31 to 2026-02-02
      expect in 2026-01 fee == 28 USD
      expect in 2026-02 fee == 31 USD
    }
    """)


def test_a_total_that_a_lots_end_cuts_is_refused():
    proves("""
    meter m in calls
    package p { covers m; sizes { 10 calls 1 USD }; valid 1 month from purchase }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from p > fee
    example "bought inside the month" { buy 1 of p 10 calls on 2026-03-05; use 5 calls of m in 2026-03
                                        expect refused "inside this total" }
    example "bought at its start"     { buy 1 of p 10 calls on 2026-03-01; use 5 calls of m in 2026-03
                                        expect fee == 0 USD }
    """)


def test_a_tier_runs_over_the_month_while_days_are_billed():
    proves("""
    meter m in calls
    charge fee { on m; every month; billed every day; volume { below 10 2 USD/call; beyond 1 USD/call } }
    example "the price so far less what was billed" {
      use 6 calls of m on 2026-03-02 10:00
      use 3 calls of m on 2026-03-03 10:00
      use 1 call  of m on 2026-03-04 10:00
      use 9 calls of m on 2026-03-05 10:00
      expect on 2026-03-02 fee == 12 USD
      expect on 2026-03-03 fee ==  6 USD
      expect on 2026-03-04 fee == 10 USD - 18 USD
      expect on 2026-03-05 fee ==  9 USD
      expect in 2026-03 fee == 19 USD
    }
    example "a new month begins anew" {
      use 9 calls of m on 2026-03-31 10:00
      use 1 call of m on 2026-04-01 10:00
      expect on 2026-04-01 fee == 2 USD
    }
    """)


def test_part_of_a_period_counts_the_day_it_begins_and_not_the_day_it_ends():
    proves("""
    setting plan one of none, pro = none
    charge fee { every month; when plan == pro; prorated by day; amount 30 USD }
    example "begins on the 15th, at noon"   { set plan pro from 2026-04-15 12:00; expect in 2026-04 fee == 16 USD }
    example "begins on the 1st"             { set plan pro from 2026-04-01; expect in 2026-04 fee == 30 USD }
    example "begins on the last, at night"  { set plan pro from 2026-04-30 23:59; expect in 2026-04 fee == 1 USD }
    example "ends on the 20th, at noon"     { set plan pro; set plan none from 2026-04-20 12:00
                                              expect in 2026-04 fee == 19 USD }
    example "begins and ends within a day"  { set plan pro from 2026-04-20 09:00; set plan none from 2026-04-20 12:00
                                              expect in 2026-04 fee == 0 USD }
    """)


def test_a_setting_that_changes_is_asked_for_each_record_and_refused_beside_a_quantity():
    proves("""
    setting mode one of a, b = a
    meter m in calls
    meter n in calls
    charge by_record { on m; every month; when mode == b; rate 1 USD/call }
    charge by_period { on n; every month; when mode == b and quantity > 3 calls; rate 1 USD/call }
    example "asked at the instant of each" {
      set mode b from 2026-03-10
      use 1 call of m on 2026-03-09 23:59
      use 2 calls of m on 2026-03-10 00:00
      expect by_record == 2 USD; expect unserved(m) == 1 call
    }
    example "asked once, and it changes" {
      set mode b from 2026-03-10
      use 9 calls of n on 2026-03-20 00:00
      expect refused "changes"
    }
    """)


# ---------------------------------------------------------------- pools


def test_an_unused_quota_ends_with_its_period_unless_it_rolls_over():
    proves("""
    meter m in calls
    grant lapses { covers m; size 10 calls; renews every month }
    charge fee { on m; every month; rate 1 USD/call }
    deduct m from lapses > fee
    meter n in calls
    grant stays { covers n; size 10 calls; renews every month; rolls over for 1 month }
    charge other { on n; every month; rate 1 USD/call }
    deduct n from stays > other
    example "4 in March, 20 in April" {
      set activation 2026-03-01
      use  4 calls of m on 2026-03-02 10:00
      use 20 calls of m on 2026-04-02 10:00
      use  4 calls of n on 2026-03-02 10:00
      use 20 calls of n on 2026-04-02 10:00
      expect fee == 10 USD
      expect other == 4 USD
    }
    example "what rolled over is gone after its month" {
      set activation 2026-03-01
      use  4 calls of n on 2026-03-02 10:00
      use 30 calls of n on 2026-05-02 10:00
      expect other == 10 USD
    }
    """)


def test_a_ratio_leaves_the_rest_of_the_record_in_its_own_unit():
    proves("""
    meter m in GB
    package p { covers m at 2; sizes { 10 GB 1 USD }; valid 1 year from purchase }
    charge fee { on m; every month; rate 1 USD/GB }
    deduct m from p > fee
    example "7 GB take 10 of 14" {
      buy 1 of p 10 GB on 2026-03-01 as a
      use 7 GB of m on 2026-03-02 10:00
      expect drawn(a) == 10 GB; expect fee == 2 USD
    }
    """)


# ---------------------------------------------------------------- bills


def test_an_added_minimum_and_a_maximum_behind_a_discount():
    proves("""
    meter m in calls
    charge usage    { on m; every month; rate 1 USD/call; minimum 5 USD }
    discount tenth  { on usage; rate 10% }
    charge top_up   { every month; amount max(8 USD - charges, 0 USD) }
    discount cap    { on subtotal_so_far; amount max(subtotal_so_far - 18 USD, 0 USD) }
    define subtotal_so_far = usage + top_up - tenth
    example "3 calls: the line has a minimum, the bill another" {
      use 3 calls of m in 2026-03
      expect usage == 5 USD; expect tenth == 0.5 USD; expect top_up == 3 USD; expect total == 7.5 USD
    }
    example "8 calls: the minimum of the bill on the nose" { use 8 calls of m in 2026-03; expect top_up == 0 USD }
    example "20 calls: the cap on the nose" {
      use 20 calls of m in 2026-03
      expect cap == 0 USD
      expect total == 18 USD
    }
    example "30 calls: and above it"        {
      use 30 calls of m in 2026-03
      expect cap == 9 USD
      expect total == 18 USD
    }
    """)


def test_a_tax_on_what_is_left_of_the_subtotal_or_on_all_of_it():
    proves("""
    meter m in calls
    package coupon { covers subtotal; sizes { 10 USD 0 USD }; valid 1 year from purchase }
    package voucher { covers total; sizes { 30 USD 0 USD }; valid 1 year from purchase }
    charge usage { on m; every month; rate 1 USD/call }
    tax vat { on subtotal; rate 10% }
    deduct subtotal from coupon
    deduct total from voucher
    example "coupon before the tax, voucher behind it" {
      buy 1 of coupon 10 USD on 2026-03-01
      buy 1 of voucher 30 USD on 2026-03-01
      use 70 calls of m on 2026-03-02 10:00
      expect subtotal == 70 USD; expect vat == 6 USD; expect total == 66 USD; expect due == 36 USD
    }
    """)


def test_rounding_by_line_by_bill_or_not_at_all():
    body = """
    meter a in calls
    meter b in calls
    charge one { on a; every month; rate 0.005 USD/call }
    charge two { on b; every month; rate 0.005 USD/call }
    example "half a cent twice" {
      use 1 call of a in 2026-03
      use 1 call of b in 2026-03
      expect total == %s USD; expect exact(total) == 0.01 USD
    }
    """
    proves(body % "0.02", rounding="half up to 0.01 USD per line")
    proves(body % "0.00", rounding="half even to 0.01 USD per line")
    proves(body % "0.01", rounding="half up to 0.01 USD per bill")
    proves(body % "0.01", rounding="none")


def test_nothing_used_nothing_looked_up_and_the_minimum_holds():
    proves("""
    meter m in calls
    meter n in calls
    charge fee { on m; every month; volume { below 1 not sold; beyond 1 USD/call }; minimum 2 USD }
    example "zero" { use 1 call of n in 2026-03; expect fee == 2 USD }
    """)


def test_a_discount_takes_off_no_more_than_there_is():
    proves("""
    meter m in calls
    charge usage { on m; every month; rate 1 USD/call }
    discount five { on usage; amount 5 USD }
    discount most { on usage; amount 5 USD; maximum usage - five }
    example "5 of 10, and 5 more" { use 10 calls of m in 2026-03; expect total == 0 USD }
    example "5 of 5"  { use 5 calls of m in 2026-03; expect total == 0 USD; expect most == 0 USD }
    example "5 of 4"  { use 4 calls of m in 2026-03; expect refused "below 0" }
    """)


def test_each_record_is_rounded_alone():
    proves("""
    meter m in calls
    charge alone    { on m; every record; rate 0.003 USD/call; rounding half up to 0.01 USD }
    charge together { on m; every month;  rate 0.003 USD/call; rounding half up to 0.01 USD }
    example "two records of 2 calls" {
      use 2 calls of m on 2026-03-02 10:00
      use 2 calls of m on 2026-03-02 10:00
      expect alone == 0.02 USD; expect together == 0.01 USD
    }
    """)


def test_bounds_scale_with_the_days_between_two_readings():
    proves("""
    meter water in GB
    charge fee  { on water; every reading; graduated { up to (1 GB * days(period)) 1 USD/GB; beyond 3 USD/GB } }
    charge base { every reading; amount 7 USD }
    example "a reading of 90 days" {
      use 100 GB of water from 2026-01-01 to 2026-04-01
      expect fee == 120 USD
      expect base == 7 USD
    }
    example "one of 91"            { use 100 GB of water from 2026-01-01 to 2026-04-02; expect fee == 118 USD }
    """)
