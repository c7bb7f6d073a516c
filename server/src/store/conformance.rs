//! What every engine must do: one suite, written against the trait and a factory, run by each engine's
//! own tests through [`conformance!`]. Knows no engine and no SQL.

pub(crate) mod amending;
pub(crate) mod concurrency;
pub(crate) mod creating;
pub(crate) mod endpoints;
pub(crate) mod engine;
pub(crate) mod entering;
pub(crate) mod keeping;
pub(crate) mod lists;
pub(crate) mod orders;
pub(crate) mod pushing;
pub(crate) mod random;
pub(crate) mod recording;
pub(crate) mod samples;
pub(crate) mod sharing;
pub(crate) mod telling;
pub(crate) mod tenants;
pub(crate) mod work;

pub(crate) use engine::{Engine, House, Witness};

/// One `#[tokio::test]` a law, each on a fresh database of the engine that `$engine` makes.
macro_rules! conformance {
    ($engine:expr => $( $group:ident: $( $law:ident ),+ ; )+) => { $(
        mod $group {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $law() {
                    $crate::store::conformance::$group::$law($engine).await;
                }
            )+
        }
    )+ };
    ($engine:expr) => {
        $crate::store::conformance::conformance! { $engine =>
            creating: a_created_shipment_reads_back_whole, a_taken_id_is_refused_in_any_case_and_tenant,
                the_same_request_again_is_answered_as_the_first, another_body_under_a_key_is_refused,
                one_of_many_same_requests_creates, a_refused_creation_leaves_its_key_free,
                a_key_is_forgotten_after_a_day;
            recording: new_events_are_taken_and_kept_whole, repeats_are_accepted_and_change_nothing,
                any_order_of_arrival_folds_alike, a_request_is_taken_whole_or_not_at_all,
                one_shipment_twice_in_a_request, a_full_shipment_takes_no_more;
            tenants: nobody_sees_or_changes_what_is_not_theirs, clients_are_found_by_their_key_alone;
            lists: pages_lead_there_and_back, pages_hold_while_new_shipments_arrive,
                filters_choose_by_status_and_change, filtered_pages_know_their_ends;
            concurrency: nothing_of_many_writers_is_lost, changes_are_told_once_and_before_the_answer,
                an_answer_nobody_waits_for_is_still_a_change, a_flood_is_refused_and_not_held;
            sharing: two_stores_on_one_database_notice_each_other, what_was_answered_is_there_after_a_drop,
                closing_finishes_what_waits, a_store_notices_not_its_own_writes;
            amending: amendments_and_events_interleave, a_refused_amendment_changes_nothing,
                of_two_editors_on_one_version_one_wins, wrong_tries_at_once_are_all_counted,
                the_right_code_ends_the_journey_once, a_repeated_creation_shows_no_amendment,
                amendments_are_there_after_a_drop, amendments_of_what_is_not_theirs_find_nothing,
                a_new_beginning_forgets_the_handoff_and_keeps_who_watches;
            entering: a_link_whose_session_was_used_is_used_up, a_link_whose_answer_was_lost_is_exchanged_again,
                of_many_exchanges_at_once_one_token_holds, of_many_who_use_one_link_at_once_one_gets_in,
                a_token_that_was_lost_is_replaced_by_the_one_before,
                what_opens_nothing_writes_nothing, links_are_listed_and_revoked,
                revoking_all_ends_every_session, a_token_rotates_and_the_one_before_still_finds,
                sessions_step_up_and_end, tenants_reach_no_links_or_sessions_of_others,
                entrances_are_there_after_a_drop, idle_sessions_are_forgotten;
            keeping: settings_are_kept_by_tenant, a_logo_is_kept_by_tenant, the_last_email_code_holds_once,
                email_codes_are_counted_by_the_hour, a_picture_is_kept_once_and_whole,
                an_errand_that_fails_disturbs_no_other;
            orders: an_order_is_kept_whole_with_its_shipment, an_order_may_become_a_shipment_later,
                a_refused_filing_leaves_nothing, of_many_who_write_one_version_one_wins,
                a_place_is_never_given_twice, places_are_kept_left_and_run_out,
                places_are_counted_as_they_stand, what_became_nothing_is_forgotten,
                nobody_reaches_orders_of_others, what_is_set_up_is_kept_by_tenant;
            work: work_is_claimed_when_it_is_due_and_by_one,
                work_is_there_after_a_drop_and_free_after_its_term, of_many_who_claim_each_work_goes_to_one,
                work_changes_with_its_order_or_not_at_all;
            telling: what_happens_is_told_in_order_with_what_it_left, one_group_or_many_tell_the_same,
                only_who_wants_to_know_is_told, a_shipments_next_message_waits_and_no_other,
                a_message_is_claimed_by_one_and_taken_over_when_that_one_dies, news_is_there_after_a_drop,
                a_store_beside_it_hears_of_endpoints_and_writes_news, a_test_waits_for_no_other,
                a_filing_wakes_who_delivers;
            endpoints: who_is_slow_or_gone_is_left_alone, nobody_takes_the_place_of_others,
                endpoints_of_one_receiver_share_its_room_and_each_has_its_turn,
                what_was_given_up_is_told_again, an_endpoint_of_one_shipment_stays_while_anything_may_happen,
                endpoints_are_the_tenants_own_and_not_too_many,
                a_key_is_lost_to_no_other_change_and_changes_nothing_else,
                messages_are_listed_and_old_ones_forgotten;
            pushing: who_is_behind_is_found_and_nobody_else, of_many_who_look_at_once_one_takes,
                what_became_of_it_is_kept, devices_are_few_and_can_be_taken_back,
                who_was_not_told_is_there_after_a_drop, a_slow_service_holds_nobody_else_back,
                who_asked_long_ago_is_forgotten;
            random: any_grouping_gives_the_union;
        }
    };
}

pub(crate) use conformance;
