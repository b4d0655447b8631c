-- purpose: how many price changes of a store another one makes within a week, of every two stores
--   of which it can be told
-- grain: leader_id, follower_id
-- inputs: price_leads, claimed_pairs
-- params: none
-- outputs:
--   leader_id varchar, the store whose changes may be followed
--   follower_id varchar, the store that may follow
--   changes bigint, the leader's changes that the follower could be seen to follow
--   together bigint, those that both made at the same time, as far as anyone could see
--   followed bigint, those that the follower made within 7 days after it
--   expected double, how many by chance: the follower's calendar begun at any other time
--   outcome varchar, differs = the leader is shown to move first
--   is_shown boolean, whether a matrix has room for both stores
-- source: METHODS 2 "Who moves first"
with final as (
    select
        price_leads.leader_id,
        price_leads.follower_id,
        price_leads.changes,
        price_leads.together,
        price_leads.followed,
        price_leads.expected,
        price_leads.outcome,
        leaders.is_shown and followers.is_shown as is_shown,
        leaders.position as leader_position,
        followers.position as follower_position,
    from price_leads
    inner join claimed_pairs as leaders on price_leads.leader_id = leaders.store_id
    inner join claimed_pairs as followers on price_leads.follower_id = followers.store_id
    where price_leads.outcome <> 'not_identifiable'
)

select * exclude (leader_position, follower_position) from final
order by leader_position, follower_position
