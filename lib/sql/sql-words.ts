/** Words that people write in statements, for completion: more of them would bury the names. */
export const sqlWords: readonly string[] =
  `add all alter analyze and any array as asc begin between bigint boolean by bytea cascade case cast check coalesce
  collate column comment commit concurrently conflict constraint copy create cross current_date current_timestamp
  current_user date default deferrable delete desc distinct do drop else end enum except exists explain extension extract
  false fetch filter following for foreign from full function generated grant group having identity if ilike in index
  inner insert integer intersect interval into is join json jsonb key language lateral left like limit listen
  materialized merge natural not notify nothing null nulls numeric offset on only or order outer over partition
  preceding primary procedure range recursive references reindex rename replace returning revoke right role rollback
  row rows savepoint schema select sequence set show similar smallint start table tablesample temporary text then time
  timestamp timestamptz to trigger true truncate type union unique unlogged update using uuid vacuum values varchar
  view when where window with within`.split(/\s+/);

/** Functions that come with the server and are asked for most. */
export const sqlFunctions: readonly string[] =
  `abs age array_agg array_length avg bool_and bool_or ceil char_length coalesce concat concat_ws count cume_dist
  current_setting date_part date_trunc dense_rank exp extract first_value floor format gen_random_uuid generate_series
  greatest initcap json_agg json_build_object jsonb_agg jsonb_array_elements jsonb_build_object jsonb_each
  jsonb_object_keys jsonb_path_query jsonb_set lag last_value lead least left length lower lpad ltrim make_date max md5
  min mode nextval now ntile nullif percentile_cont pg_backend_pid pg_size_pretty pg_sleep pg_total_relation_size
  position power random rank regexp_matches regexp_replace repeat replace right round row_number row_to_json rpad rtrim
  set_config sha256 split_part sqrt starts_with string_agg string_to_array substring sum to_char to_date to_json to_jsonb
  to_number to_timestamp to_tsquery to_tsvector translate trim trunc unnest upper version width_bucket`.split(
    /\s+/,
  );
