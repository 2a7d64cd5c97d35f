"""What the field gets wrong with tiers and quantities: each choice at its boundary, held to what the rules state."""

from __future__ import annotations

from tests.rating.proofs import proves

# ---------------------------------------------------------------- bounds and tiers


def test_a_bound_is_inside_its_tier_with_up_to_and_outside_with_below():
    proves("""
    meter m in GB
    charge outside { on m; every month; volume { below 10 GB 3 USD/GB; beyond 2 USD/GB } }
    charge inside  { on m; every month; volume { up to 10 GB 3 USD/GB; beyond 2 USD/GB } }
    example "just below"  { use 9,999,999,999 bytes of m in 2026-03; expect outside == inside }
    example "on it"       { use 10 GB of m in 2026-03; expect outside == 20 USD; expect inside == 30 USD }
    example "just above"  { use 10,000,000,001 bytes of m in 2026-03
                            expect exact(outside) == 20.000000002 USD; expect outside == inside }
    """)


def test_in_graduated_a_bound_in_or_out_gives_one_amount():
    proves("""
    meter m in calls
    charge outside { on m; every month; graduated { below 10 3 USD/call; beyond 2 USD/call } }
    charge inside  { on m; every month; graduated { up to 10 3 USD/call; beyond 2 USD/call } }
    example "9"  { use  9 calls of m in 2026-03; expect outside == 27 USD; expect inside == 27 USD }
    example "10" { use 10 calls of m in 2026-03; expect outside == 30 USD; expect inside == 30 USD }
    example "11" { use 11 calls of m in 2026-03; expect outside == 32 USD; expect inside == 32 USD }
    """)


def test_a_fraction_between_printed_bounds_has_a_tier():
    proves("""
    unit hr
    meter m in hr
    charge fee { on m; every day; volume { below 300 hr 1.4 USD/hr; beyond 1.2 USD/hr } }
    example "299.5 of 0-299 and 300-999" { use 299.5 hr of m on 2026-03-01; expect fee == 419.3 USD }
    """)


def test_a_band_with_one_amount_and_one_with_a_price():
    proves("""
    meter m in calls
    charge fee { on m; every month; volume { up to 100 50 USD; beyond 0.4 USD/call } }
    example "in the band"    { use 1 call of m in 2026-03; expect fee == 50 USD }
    example "its last"       { use 100 calls of m in 2026-03; expect fee == 50 USD }
    example "the first past" { use 101 calls of m in 2026-03; expect fee == 40.4 USD }
    """)


def test_the_flat_part_of_the_first_tier_without_usage():
    proves("""
    meter m in calls
    meter n in calls
    charge quiet { on m; every month; graduated { up to 10 1 USD/call + 5 USD; beyond 1 USD/call } }
    charge loud  { on m; every month; graduated { up to 10 1 USD/call + 5 USD; beyond 1 USD/call }
                   flat at zero usage }
    example "nothing used" { use 1 call of n in 2026-03; expect quiet == 0 USD; expect loud == 5 USD }
    example "one call"     { use 1 call of m in 2026-03; expect quiet == 6 USD; expect loud == 6 USD }
    """)


def test_a_row_without_a_price_refuses_and_is_never_0():
    proves("""
    meter m in calls
    charge fee { on m; every month; volume { below 10 1 USD/call; beyond not sold } }
    example "the last that is sold" { use 9 calls of m in 2026-03; expect fee == 9 USD }
    example "the first that is not" { use 10 calls of m in 2026-03; expect refused "not sold" }
    """)


def test_a_missing_key_refuses_and_is_never_the_row_below():
    proves("""
    table price by region in USD/call { EU 2; US 1 }
    meter m { field region text; by region; measure sum(quantity) in calls }
    charge fee { on m; every month; rate price[region] }
    example "there"     { use 3 calls of m with region EU in 2026-03; expect fee == 6 USD }
    example "not there" { use 3 calls of m with region AP in 2026-03; expect refused "no row" }
    example "no region" { use 3 calls of m in 2026-03; expect refused "does not say its `region`" }
    """)


def test_the_tier_is_picked_by_what_is_left_or_by_another_quantity():
    proves("""
    meter m in calls
    meter all_calls { reads m; measure sum(quantity) in calls }
    grant free { covers m; size 10 calls; issued once on activation }
    charge left     { on m; every month; volume { below 15 2 USD/call; beyond 1 USD/call } }
    deduct m from free > left
    charge by_gross { on all_calls - 5 calls; every month; reached by all_calls
                      volume { below 15 2 USD/call; beyond 1 USD/call } }
    example "20 used, 10 free" {
      set activation 2026-03-01
      use 20 calls of m on 2026-03-05 10:00
      expect left == 20 USD
      expect by_gross == 15 USD
    }
    """)


def test_a_tier_belongs_to_all_usage_or_to_each_key():
    proves("""
    meter m { field region text; measure sum(quantity) in calls }
    meter apart { reads m; by region; measure sum(quantity) in calls }
    charge together { on m;     every month; volume { below 10 2 USD/call; beyond 1 USD/call } }
    charge each_one { on apart; every month; volume { below 10 2 USD/call; beyond 1 USD/call } }
    example "6 and 4" {
      use 6 calls of m with region EU on 2026-03-02 10:00
      use 4 calls of m with region US on 2026-03-02 10:00
      expect together == 10 USD
      expect each_one == 20 USD
    }
    """)


# ---------------------------------------------------------------- quantities


def test_a_record_that_stands_for_many_counts_once_or_often():
    proves(
        """
    meter m in calls
    meter records { reads m; measure count() in calls }
    meter work { reads m; measure sum(times * 3) in calls }
    """.replace("sum(times * 3)", "sum(times * 3 calls)")
        + """
    example "a million in one record" {
      use 1,000,000 calls of m on 2026-03-02 10:00
      expect m == 1,000,000 calls; expect records == 1 call; expect work == 3,000,000 calls
    }
    """
    )


def test_days_without_a_record_are_left_out_of_each_day():
    proves("""
    meter m in calls
    meter mean_of_days { reads m; define d = sum(quantity) each day; measure mean(d) in calls }
    meter mean_of_all  { reads m; measure sum(quantity) / days(period) in calls }
    example "31 calls on one day of March" {
      use 31 calls of m on 2026-03-02 10:00
      expect mean_of_days == 31 calls; expect mean_of_all == 1 call
    }
    """)


def test_the_percentile_is_the_nearest_rank_and_any_other_is_said_by_its_rank():
    proves(
        """
    meter m in Mbps
    meter nearest { reads m; measure percentile(quantity, 95) in Mbps }
    meter dropped { reads m; measure nth_highest(quantity, round up (count() * 5%)) in Mbps }
    example "20 samples, 1 to 20" {
      use m on 2026-03-02 {
        quantity
         1 Mbps ;  2 Mbps ;  3 Mbps ;  4 Mbps ;  5 Mbps ;  6 Mbps ;  7 Mbps ;  8 Mbps ;  9 Mbps ; 10 Mbps
        11 Mbps ; 12 Mbps ; 13 Mbps ; 14 Mbps ; 15 Mbps ; 16 Mbps ; 17 Mbps ; 18 Mbps ; 19 Mbps ; 20 Mbps
      }
      expect nearest == 19 Mbps; expect dropped == 20 Mbps
    }
    """.replace("on 2026-03-02 {", "on 2026-03-02 10:00 {")
    )


def test_the_nth_highest_and_the_n_highest():
    proves("""
    meter m in Mbps
    meter fifth { reads m; measure nth_highest(quantity, 2) in Mbps }
    meter five  { reads m; define top = highest(quantity, 2); measure mean(top) in Mbps }
    example "9, 5, 1" {
      use m on 2026-03-02 10:00 { quantity; 9 Mbps; 5 Mbps; 1 Mbps }
      expect fifth == 5 Mbps; expect five == 7 Mbps
    }
    example "fewer than asked for" {
      use 4 Mbps of m on 2026-03-02 10:00
      expect fifth == 4 Mbps; expect five == 4 Mbps
    }
    """)


def test_rounding_before_the_deduction_or_behind_it():
    proves("""
    meter each_up { measure sum(round up (quantity) to 10 calls) in calls }
    grant a { covers each_up; size 5 calls; issued once on activation }
    charge before { on each_up; every month; rate 1 USD/call }
    deduct each_up from a > before
    meter plain in calls
    grant b { covers plain; size 5 calls; issued once on activation }
    charge behind { on round up (plain) to 10 calls; every month; rate 1 USD/call }
    deduct plain from b > behind
    example "12 calls" {
      set activation 2026-03-01
      use 12 calls of each_up on 2026-03-02 10:00
      use 12 calls of plain on 2026-03-02 10:00
      expect before == 15 USD; expect behind == 10 USD
    }
    """)


def test_blocks_inside_tiers_or_over_the_whole():
    proves("""
    meter m in calls
    charge whole  { on m; every month; rate 1 USD per started 100 calls }
    charge slices { on m; every month
                    graduated { up to 150 1 USD per started 100 calls; beyond 1 USD per started 100 calls } }
    example "150: two blocks"    { use 150 calls of m in 2026-03; expect whole == 2 USD; expect slices == 2 USD }
    example "151: two or three"  { use 151 calls of m in 2026-03; expect whole == 2 USD; expect slices == 3 USD }
    example "200: two or three"  { use 200 calls of m in 2026-03; expect whole == 2 USD; expect slices == 3 USD }
    example "201: three, three"  { use 201 calls of m in 2026-03; expect whole == 3 USD; expect slices == 3 USD }
    """)


def test_the_free_part_comes_before_blocks_are_counted():
    proves("""
    meter m in calls
    grant free { covers m; size 100 calls; issued once on activation }
    charge fee { on m; every month; rate 5 USD per started 100 calls }
    deduct m from free > fee
    example "100: all free"     {
      set activation 2026-03-01
      use 100 calls of m on 2026-03-02 10:00
      expect fee == 0 USD
    }
    example "201: 101 in two"   {
      set activation 2026-03-01
      use 201 calls of m on 2026-03-02 10:00
      expect fee == 10 USD
    }
    """)
