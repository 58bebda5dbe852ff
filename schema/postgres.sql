-- access_entry.id uuid NOT NULL
-- access_entry.position bigint NOT NULL
-- access_entry.recorded_at timestamp with time zone NOT NULL
-- access_entry.client_id uuid NOT NULL
-- access_entry.organisation text NOT NULL
-- access_entry.egov_id text
-- access_entry.role character varying(60) NOT NULL
-- access_entry.purpose character varying(60) NOT NULL
-- access_entry.agreement text NOT NULL
-- access_entry.legal_basis text NOT NULL
-- access_entry.request_id text NOT NULL
-- access_entry.resource character varying(60) NOT NULL
-- access_entry.fields jsonb NOT NULL
-- access_entry.result_count integer NOT NULL
-- access_entry.hash text NOT NULL
-- access_head.id integer NOT NULL
-- access_head.position bigint NOT NULL
-- access_head.hash text NOT NULL
-- access_record.entry_id uuid NOT NULL
-- access_record.record_id uuid NOT NULL
-- access_record.learner_id uuid
-- access_record.centre_id uuid
-- administrative_unit.id character varying(60) NOT NULL
-- administrative_unit.code character varying(60) NOT NULL
-- administrative_unit.level character varying(60) NOT NULL
-- administrative_unit.kind character varying(60) NOT NULL
-- administrative_unit.name text NOT NULL
-- administrative_unit.name_with_type text NOT NULL
-- administrative_unit.parent_id character varying(60)
-- administrative_unit.province_code character varying(60) NOT NULL
-- administrative_unit.district_code character varying(60)
-- administrative_unit.valid_from date
-- administrative_unit.valid_to date
-- administrative_unit.changes jsonb NOT NULL
-- administrative_unit.area_km2 bigint
-- administrative_unit.last_resolution_no text
-- administrative_unit.last_resolution_on date
-- administrative_unit.citizen_id_code character varying(60)
-- administrative_unit.search_text text NOT NULL
-- campus.id uuid NOT NULL
-- campus.version bigint NOT NULL
-- campus.created_at timestamp with time zone NOT NULL
-- campus.updated_at timestamp with time zone NOT NULL
-- campus.deleted_at timestamp with time zone
-- campus.province_code character varying(60)
-- campus.commune_code character varying(60)
-- campus.centre_id uuid
-- campus.search_text text NOT NULL
-- campus.external_ids jsonb NOT NULL
-- campus.official_id text
-- campus.name text NOT NULL
-- campus.kind character varying(60) NOT NULL
-- campus.phone text
-- campus.address_line text
-- campus.place jsonb
-- campus.distance_km bigint
-- campus.transport text
-- campus.area_m2 bigint
-- centre.id uuid NOT NULL
-- centre.version bigint NOT NULL
-- centre.created_at timestamp with time zone NOT NULL
-- centre.updated_at timestamp with time zone NOT NULL
-- centre.deleted_at timestamp with time zone
-- centre.province_code character varying(60)
-- centre.commune_code character varying(60)
-- centre.centre_id uuid
-- centre.search_text text NOT NULL
-- centre.external_ids jsonb NOT NULL
-- centre.official_id text
-- centre.egov_id text
-- centre.name text NOT NULL
-- centre.kind character varying(60) NOT NULL
-- centre.sub_kind character varying(60)
-- centre.ownership character varying(60) NOT NULL
-- centre.level_group character varying(60)
-- centre.place jsonb NOT NULL
-- centre.address_line text
-- centre.managing_body text
-- centre.authority_kind character varying(60)
-- centre.area character varying(60)
-- centre.terrain character varying(60)
-- centre.difficult_area character varying(60)
-- centre.difficult_areas jsonb NOT NULL
-- centre.quality_standard character varying(60)
-- centre.phone text
-- centre.email text
-- centre.fax text
-- centre.website text
-- centre.director_name text
-- centre.director_phone text
-- centre.director_email text
-- centre.area_m2 bigint
-- centre.map_position text
-- centre.established_on text
-- centre.operation_renewed_on text
-- centre.operating_licence jsonb
-- centre.centre_rank text
-- centre.accreditation_level integer
-- centre.digital_level character varying(60)
-- centre.uses_computers boolean
-- centre.has_internet boolean
-- centre.has_grid_power boolean
-- centre.has_clean_water boolean
-- centre.has_sanitation boolean
-- centre.accessible_for_disabled boolean
-- centre.has_counselling boolean
-- centre.has_gender_abuse_violence_education boolean
-- centre.has_party_cell boolean
-- centre.teaches_life_skills boolean
-- centre.teaches_literacy boolean
-- centre.teaches_foreign_language boolean
-- centre.teaches_it_application boolean
-- centre.meets_minimum_equipment boolean
-- centre.is_gdtx_centre boolean
-- centre.is_vocational_gdtx_centre boolean
-- centre.has_foreign_capital boolean
-- centre.is_head_office boolean
-- centre.is_operating_location boolean
-- centre.has_seconded_teacher boolean
-- centre.has_collaborators boolean
-- centre.learner_turns_per_year integer
-- centre.learners_per_year integer
-- centre.status character varying(60) NOT NULL
-- centre.status_since date NOT NULL
-- centre.successor_ids jsonb NOT NULL
-- centre.predecessor_ids jsonb NOT NULL
-- centre_event.id uuid NOT NULL
-- centre_event.version bigint NOT NULL
-- centre_event.created_at timestamp with time zone NOT NULL
-- centre_event.updated_at timestamp with time zone NOT NULL
-- centre_event.deleted_at timestamp with time zone
-- centre_event.province_code character varying(60)
-- centre_event.commune_code character varying(60)
-- centre_event.centre_id uuid
-- centre_event.search_text text NOT NULL
-- centre_event.external_ids jsonb NOT NULL
-- centre_event.kind character varying(60) NOT NULL
-- centre_event.effective_on date NOT NULL
-- centre_event.decision_number text
-- centre_event.decision_date date
-- centre_event.authority_kind character varying(60)
-- centre_event.authority_name text
-- centre_event.ground character varying(60)
-- centre_event.suspended_from date
-- centre_event.suspended_to date
-- centre_event.successor_ids jsonb NOT NULL
-- centre_event.new_name text
-- centre_event.old_name text
-- centre_event.new_managing_body text
-- centre_event.new_authority_kind character varying(60)
-- centre_event.note text
-- centre_event.sequence integer NOT NULL
-- centre_event.status_after character varying(60) NOT NULL
-- centre_event.recorded_by character varying(60)
-- class.id uuid NOT NULL
-- class.version bigint NOT NULL
-- class.created_at timestamp with time zone NOT NULL
-- class.updated_at timestamp with time zone NOT NULL
-- class.deleted_at timestamp with time zone
-- class.province_code character varying(60)
-- class.commune_code character varying(60)
-- class.centre_id uuid
-- class.search_text text NOT NULL
-- class.external_ids jsonb NOT NULL
-- class.programme_id uuid NOT NULL
-- class.school_year integer NOT NULL
-- class.official_id text
-- class.code text NOT NULL
-- class.name text NOT NULL
-- class.teacher_id uuid
-- class.grade character varying(60)
-- class.class_kind character varying(60)
-- class.study_form character varying(60)
-- class.training_class_kind character varying(60)
-- class.vocational_class_kind character varying(60)
-- class.sort_order integer
-- class.subject_assignments jsonb NOT NULL
-- class.has_class_parent_rep boolean
-- class.has_centre_parent_rep boolean
-- class.has_disabled_learners boolean
-- class.sessions_per_week character varying(60)
-- class.timetable jsonb NOT NULL
-- class.capacity integer
-- class.partner_organisation text
-- class.opens_on date
-- class.closes_on date
-- class.state character varying(60) NOT NULL
-- client.id uuid NOT NULL
-- client.version bigint NOT NULL
-- client.created_at timestamp with time zone NOT NULL
-- client.updated_at timestamp with time zone NOT NULL
-- client.name text NOT NULL
-- client.organisation text NOT NULL
-- client.egov_id text
-- client.role character varying(60) NOT NULL
-- client.state character varying(60) NOT NULL
-- client.system character varying(60) NOT NULL
-- client.reach jsonb NOT NULL
-- client.agreement jsonb
-- client.secret_hash text
-- client.previous_secret_hash text
-- client.previous_secret_until timestamp with time zone
-- client.jwks jsonb
-- client.external_issuer text
-- client.external_subject text
-- client.search_text text NOT NULL
-- code_list_code.list character varying(60) NOT NULL
-- code_list_code.code character varying(60) NOT NULL
-- code_list_code.scheme character varying(60) NOT NULL
-- code_list_code.scheme_code character varying(60) NOT NULL
-- code_list_item.list character varying(60) NOT NULL
-- code_list_item.code character varying(60) NOT NULL
-- code_list_item.sequence integer NOT NULL
-- code_list_item.label_vi text NOT NULL
-- code_list_item.label_en text NOT NULL
-- code_list_item.parents jsonb NOT NULL
-- code_list_item.used_by_gdtx boolean
-- code_list_item.accepted boolean NOT NULL
-- code_list_item.valid_from date
-- code_list_item.valid_to date
-- code_list_item.note text
-- data_subject_request.id uuid NOT NULL
-- data_subject_request.version bigint NOT NULL
-- data_subject_request.created_at timestamp with time zone NOT NULL
-- data_subject_request.updated_at timestamp with time zone NOT NULL
-- data_subject_request.deleted_at timestamp with time zone
-- data_subject_request.province_code character varying(60)
-- data_subject_request.commune_code character varying(60)
-- data_subject_request.centre_id uuid
-- data_subject_request.search_text text NOT NULL
-- data_subject_request.external_ids jsonb NOT NULL
-- data_subject_request.learner_id uuid NOT NULL
-- data_subject_request.kind character varying(60) NOT NULL
-- data_subject_request.received_on date NOT NULL
-- data_subject_request.requested_by character varying(60) NOT NULL
-- data_subject_request.representative_name text
-- data_subject_request.details text
-- data_subject_request.with_processor boolean
-- data_subject_request.state character varying(60) NOT NULL
-- data_subject_request.acknowledge_by date NOT NULL
-- data_subject_request.due_on date NOT NULL
-- data_subject_request.acknowledged_on date
-- data_subject_request.extended_on date
-- data_subject_request.extension_reason text
-- data_subject_request.closed_on date
-- data_subject_request.outcome text
-- data_subject_request.legal_basis text
-- data_subject_request.erased_fields jsonb NOT NULL
-- data_subject_request.kept_fields jsonb NOT NULL
-- enrolment.id uuid NOT NULL
-- enrolment.version bigint NOT NULL
-- enrolment.created_at timestamp with time zone NOT NULL
-- enrolment.updated_at timestamp with time zone NOT NULL
-- enrolment.deleted_at timestamp with time zone
-- enrolment.province_code character varying(60)
-- enrolment.commune_code character varying(60)
-- enrolment.centre_id uuid
-- enrolment.search_text text NOT NULL
-- enrolment.external_ids jsonb NOT NULL
-- enrolment.learner_id uuid NOT NULL
-- enrolment.class_id uuid NOT NULL
-- enrolment.status character varying(60) NOT NULL
-- enrolment.status_since date NOT NULL
-- enrolment.period character varying(60)
-- enrolment.enrolled_on date NOT NULL
-- enrolment.ended_on date
-- enrolment.dropout_reason character varying(60)
-- enrolment.origin text
-- enrolment.destination character varying(60)
-- enrolment.destination_name text
-- enrolment.chosen_subjects jsonb NOT NULL
-- enrolment.topic_clusters jsonb NOT NULL
-- enrolment.note text
-- enrolment_event.id uuid NOT NULL
-- enrolment_event.version bigint NOT NULL
-- enrolment_event.created_at timestamp with time zone NOT NULL
-- enrolment_event.updated_at timestamp with time zone NOT NULL
-- enrolment_event.deleted_at timestamp with time zone
-- enrolment_event.province_code character varying(60)
-- enrolment_event.commune_code character varying(60)
-- enrolment_event.centre_id uuid
-- enrolment_event.search_text text NOT NULL
-- enrolment_event.external_ids jsonb NOT NULL
-- enrolment_event.enrolment_id uuid NOT NULL
-- enrolment_event.kind character varying(60) NOT NULL
-- enrolment_event.effective_on date NOT NULL
-- enrolment_event.period character varying(60)
-- enrolment_event.dropout_reason character varying(60)
-- enrolment_event.origin text
-- enrolment_event.destination character varying(60)
-- enrolment_event.destination_name text
-- enrolment_event.note text
-- enrolment_event.sequence integer NOT NULL
-- enrolment_event.status_after character varying(60) NOT NULL
-- export_chunk.job_id uuid NOT NULL
-- export_chunk.starts_at bigint NOT NULL
-- export_chunk.sealed bytea NOT NULL
-- export_job.id uuid NOT NULL
-- export_job.client_id uuid NOT NULL
-- export_job.state character varying(60) NOT NULL
-- export_job.resource character varying(60) NOT NULL
-- export_job.format character varying(60) NOT NULL
-- export_job.query text NOT NULL
-- export_job.as_of text
-- export_job.in_english boolean NOT NULL
-- export_job.purpose character varying(60)
-- export_job.attempts integer NOT NULL
-- export_job.position bigint
-- export_job.rows bigint NOT NULL
-- export_job.bytes bigint NOT NULL
-- export_job.digest text
-- export_job.rights text
-- export_job.problems jsonb
-- export_job.runner uuid
-- export_job.leased_until timestamp with time zone
-- export_job.created_at timestamp with time zone NOT NULL
-- export_job.started_at timestamp with time zone
-- export_job.finished_at timestamp with time zone
-- export_job.expires_at timestamp with time zone NOT NULL
-- external_id.resource character varying(60) NOT NULL
-- external_id.system character varying(60) NOT NULL
-- external_id.value character varying(255) NOT NULL
-- external_id.record_id uuid NOT NULL
-- idempotency.client_id uuid NOT NULL
-- idempotency.key character varying(255) NOT NULL
-- idempotency.operation character varying(60) NOT NULL
-- idempotency.request_hash text NOT NULL
-- idempotency.answer text NOT NULL
-- idempotency.created_at timestamp with time zone NOT NULL
-- import_chunk.job_id uuid NOT NULL
-- import_chunk.starts_at bigint NOT NULL
-- import_chunk.bytes bigint NOT NULL
-- import_chunk.sealed bytea NOT NULL
-- import_job.id uuid NOT NULL
-- import_job.client_id uuid NOT NULL
-- import_job.state character varying(60) NOT NULL
-- import_job.resource character varying(60)
-- import_job.mode character varying(60) NOT NULL
-- import_job.dry_run boolean NOT NULL
-- import_job.format character varying(60) NOT NULL
-- import_job.code_scheme character varying(60) NOT NULL
-- import_job.date_format character varying(60) NOT NULL
-- import_job.key_column text
-- import_job.ignored jsonb NOT NULL
-- import_job.purpose character varying(60)
-- import_job.attempts integer NOT NULL
-- import_job.expected_digest text
-- import_job.digest text
-- import_job.bytes bigint NOT NULL
-- import_job.bytes_done bigint NOT NULL
-- import_job.rows_done bigint NOT NULL
-- import_job.created bigint NOT NULL
-- import_job.updated bigint NOT NULL
-- import_job.unchanged bigint NOT NULL
-- import_job.rejected bigint NOT NULL
-- import_job.pass integer NOT NULL
-- import_job.line bigint NOT NULL
-- import_job.position_before bigint
-- import_job.position_after bigint
-- import_job.problems jsonb
-- import_job.headings text
-- import_job.runner uuid
-- import_job.leased_until timestamp with time zone
-- import_job.created_at timestamp with time zone NOT NULL
-- import_job.started_at timestamp with time zone
-- import_job.finished_at timestamp with time zone
-- import_job.expires_at timestamp with time zone NOT NULL
-- import_job.school_year integer
-- import_job.sync_kind character varying(60)
-- import_job.places_as_of date
-- import_receipt.job_id uuid NOT NULL
-- import_receipt.line bigint NOT NULL
-- import_receipt.place bigint NOT NULL
-- import_receipt.resource character varying(60)
-- import_receipt.outcome character varying(60) NOT NULL
-- import_receipt.record_id uuid
-- import_receipt.version bigint
-- import_receipt.problems jsonb
-- import_receipt.row text
-- journal.seq bigint NOT NULL
-- journal.position bigint
-- journal.resource character varying(60) NOT NULL
-- journal.record_id uuid NOT NULL
-- journal.version bigint NOT NULL
-- journal.operation character varying(60) NOT NULL
-- journal.after_image text
-- journal.actor character varying(60) NOT NULL
-- journal.client_id uuid
-- journal.centre_id uuid
-- journal.province_code character varying(60)
-- journal.commune_code character varying(60)
-- journal.request_id text NOT NULL
-- journal.recorded_at timestamp with time zone NOT NULL
-- journal.hash text
-- journal.search_text text
-- journal_head.id integer NOT NULL
-- journal_head.position bigint NOT NULL
-- journal_head.hash text NOT NULL
-- land.id uuid NOT NULL
-- land.version bigint NOT NULL
-- land.created_at timestamp with time zone NOT NULL
-- land.updated_at timestamp with time zone NOT NULL
-- land.deleted_at timestamp with time zone
-- land.province_code character varying(60)
-- land.commune_code character varying(60)
-- land.centre_id uuid
-- land.search_text text NOT NULL
-- land.external_ids jsonb NOT NULL
-- land.institution_name text
-- land.location text NOT NULL
-- land.land_area_m2 bigint
-- land.built_area_m2 bigint
-- land.ownership_form character varying(60)
-- land.owner_name text
-- land.ownership_evidence text
-- land.land_use text
-- land.construction text
-- land.use_start_year integer
-- land.use_years integer
-- learner.id uuid NOT NULL
-- learner.version bigint NOT NULL
-- learner.created_at timestamp with time zone NOT NULL
-- learner.updated_at timestamp with time zone NOT NULL
-- learner.deleted_at timestamp with time zone
-- learner.province_code character varying(60)
-- learner.commune_code character varying(60)
-- learner.centre_id uuid
-- learner.search_text text NOT NULL
-- learner.external_ids jsonb NOT NULL
-- learner.official_id text
-- learner.full_name text NOT NULL
-- learner.short_name text
-- learner.date_of_birth text
-- learner.birth_year integer
-- learner.gender character varying(60) NOT NULL
-- learner.personal_number_print text
-- learner.personal_number_masked text
-- learner.person_print text
-- learner.merged_into uuid
-- learner.merge jsonb
-- learner.id_document_kind character varying(60)
-- learner.id_issued_by text
-- learner.id_issued_on date
-- learner.nationality character varying(60)
-- learner.residence jsonb
-- learner.address_line text
-- learner.birth_place jsonb
-- learner.place_of_birth text
-- learner.area character varying(60)
-- learner.in_difficult_area boolean
-- learner.contact_phone text
-- learner.contact_email text
-- learner.grade character varying(60)
-- learner.class_code text
-- learner.sort_order integer
-- learner.study_form character varying(60)
-- learner.sessions_per_week character varying(60)
-- learner.dropout_reason character varying(60)
-- learner.repeated_last_year boolean
-- learner.follows_ministry_life_skill_programme boolean
-- learner.literacy_level character varying(60)
-- learner.pioneer_member boolean
-- learner.youth_union_member boolean
-- learner.has_reward boolean
-- learner.rewards jsonb NOT NULL
-- learner.can_swim boolean
-- learner.father_name text
-- learner.father_occupation text
-- learner.father_birth_year integer
-- learner.mother_name text
-- learner.mother_occupation text
-- learner.mother_birth_year integer
-- learner.guardian_name text
-- learner.guardian_occupation text
-- learner.guardian_birth_year integer
-- learner.representative_name text
-- learner.representative_phone text
-- learner.representative_relation text
-- learner.envelope jsonb
-- learning_result.id uuid NOT NULL
-- learning_result.version bigint NOT NULL
-- learning_result.created_at timestamp with time zone NOT NULL
-- learning_result.updated_at timestamp with time zone NOT NULL
-- learning_result.deleted_at timestamp with time zone
-- learning_result.province_code character varying(60)
-- learning_result.commune_code character varying(60)
-- learning_result.centre_id uuid
-- learning_result.search_text text NOT NULL
-- learning_result.external_ids jsonb NOT NULL
-- learning_result.enrolment_id uuid NOT NULL
-- learning_result.term character varying(60) NOT NULL
-- learning_result.class_id uuid NOT NULL
-- learning_result.learner_id uuid NOT NULL
-- learning_result.overall_score bigint
-- learning_result.academic_level character varying(60)
-- learning_result.literacy_result character varying(60)
-- learning_result.title character varying(60)
-- learning_result.days_absent integer
-- learning_result.promoted boolean
-- learning_result.must_retrain_conduct boolean
-- learning_result.eligible_for_graduation boolean
-- learning_result.subject_scores jsonb NOT NULL
-- learning_result.remark text
-- learning_result.envelope jsonb
-- programme.id uuid NOT NULL
-- programme.version bigint NOT NULL
-- programme.created_at timestamp with time zone NOT NULL
-- programme.updated_at timestamp with time zone NOT NULL
-- programme.deleted_at timestamp with time zone
-- programme.province_code character varying(60)
-- programme.commune_code character varying(60)
-- programme.centre_id uuid
-- programme.search_text text NOT NULL
-- programme.external_ids jsonb NOT NULL
-- programme.kind character varying(60) NOT NULL
-- programme.group character varying(60) NOT NULL
-- programme.name text NOT NULL
-- programme.curriculum_version character varying(60)
-- programme.grades jsonb NOT NULL
-- programme.language character varying(60)
-- programme.level integer
-- programme.it_modules jsonb NOT NULL
-- programme.subjects jsonb NOT NULL
-- programme.topic_clusters integer
-- programme.suggested_hours integer
-- programme.partner_organisation text
-- programme.partner_egov_id text
-- programme.aims text
-- programme.content text
-- programme.materials text
-- programme.teachers text
-- programme.assessment text
-- programme.starts_on date
-- programme.fee_vnd bigint
-- programme.published_at timestamp with time zone
-- programme.state character varying(60) NOT NULL
-- rate_window.subject text NOT NULL
-- rate_window.class character varying(60) NOT NULL
-- rate_window.started bigint NOT NULL
-- rate_window.used bigint NOT NULL
-- recognition.id uuid NOT NULL
-- recognition.version bigint NOT NULL
-- recognition.created_at timestamp with time zone NOT NULL
-- recognition.updated_at timestamp with time zone NOT NULL
-- recognition.deleted_at timestamp with time zone
-- recognition.province_code character varying(60)
-- recognition.commune_code character varying(60)
-- recognition.centre_id uuid
-- recognition.search_text text NOT NULL
-- recognition.external_ids jsonb NOT NULL
-- recognition.kind character varying(60) NOT NULL
-- recognition.holder_kind character varying(60) NOT NULL
-- recognition.holder_name text
-- recognition.holder_egov_id text
-- recognition.place jsonb
-- recognition.assessed_year integer NOT NULL
-- recognition.requested_level integer
-- recognition.criteria_set character varying(60)
-- recognition.indicator_results jsonb NOT NULL
-- recognition.self_assessment text
-- recognition.documents jsonb NOT NULL
-- recognition.submitted_on date
-- recognition.holder_key text NOT NULL
-- recognition.state character varying(60) NOT NULL
-- recognition.return_reasons jsonb NOT NULL
-- recognition.appraisal jsonb
-- recognition.decision_number text
-- recognition.decision_date date
-- recognition.decision_authority text
-- recognition.decision_authority_kind character varying(60)
-- recognition.decision_level integer
-- recognition.verification_code character varying(60)
-- recognition.valid_from date
-- recognition.valid_to date
-- recognition.refusal_reasons jsonb NOT NULL
-- recognition.previous_recognition_id uuid
-- reference_data.name character varying(60) NOT NULL
-- reference_data.fingerprint text NOT NULL
-- reference_data.loaded_at timestamp with time zone
-- report.id uuid NOT NULL
-- report.version bigint NOT NULL
-- report.created_at timestamp with time zone NOT NULL
-- report.updated_at timestamp with time zone NOT NULL
-- report.deleted_at timestamp with time zone
-- report.province_code character varying(60)
-- report.commune_code character varying(60)
-- report.centre_id uuid
-- report.search_text text NOT NULL
-- report.external_ids jsonb NOT NULL
-- report.form character varying(60) NOT NULL
-- report.school_year integer NOT NULL
-- report.place jsonb
-- report.note text
-- report.entries jsonb NOT NULL
-- report.place_key character varying(60) NOT NULL
-- report.unit character varying(60) NOT NULL
-- report.state character varying(60) NOT NULL
-- report.as_of date NOT NULL
-- report.due_on date NOT NULL
-- report.figures jsonb NOT NULL
-- report.position bigint NOT NULL
-- report.filled_at timestamp with time zone NOT NULL
-- report.previous_report_id uuid
-- report.accepted_below integer
-- report.units_below integer
-- report.signature jsonb
-- report.submitted_on date
-- report.return_reason text
-- report.accepted_on date
-- report.locked_on date
-- report_reminder.client_id uuid NOT NULL
-- report_reminder.form character varying(60) NOT NULL
-- report_reminder.school_year integer NOT NULL
-- report_reminder.place_key character varying(60) NOT NULL
-- report_reminder.days bigint NOT NULL
-- report_reminder.due_on date NOT NULL
-- revoked_token.jti text NOT NULL
-- revoked_token.expires_at timestamp with time zone NOT NULL
-- room.id uuid NOT NULL
-- room.version bigint NOT NULL
-- room.created_at timestamp with time zone NOT NULL
-- room.updated_at timestamp with time zone NOT NULL
-- room.deleted_at timestamp with time zone
-- room.province_code character varying(60)
-- room.commune_code character varying(60)
-- room.centre_id uuid
-- room.search_text text NOT NULL
-- room.external_ids jsonb NOT NULL
-- room.room_name text NOT NULL
-- room.area_m2 bigint
-- room.count integer
-- room.total_area_m2 bigint
-- room.condition character varying(60)
-- seaql_migrations.version character varying NOT NULL
-- seaql_migrations.applied_at bigint NOT NULL
-- signing_key.kid text NOT NULL
-- signing_key.private_key text NOT NULL
-- signing_key.public_key text NOT NULL
-- signing_key.created_at timestamp with time zone NOT NULL
-- signing_key.retired_at timestamp with time zone
-- signing_key.expires_at timestamp with time zone
-- staff_member.id uuid NOT NULL
-- staff_member.version bigint NOT NULL
-- staff_member.created_at timestamp with time zone NOT NULL
-- staff_member.updated_at timestamp with time zone NOT NULL
-- staff_member.deleted_at timestamp with time zone
-- staff_member.province_code character varying(60)
-- staff_member.commune_code character varying(60)
-- staff_member.centre_id uuid
-- staff_member.search_text text NOT NULL
-- staff_member.external_ids jsonb NOT NULL
-- staff_member.official_id text
-- staff_member.full_name text NOT NULL
-- staff_member.date_of_birth text
-- staff_member.gender character varying(60) NOT NULL
-- staff_member.nationality character varying(60)
-- staff_member.staff_group character varying(60) NOT NULL
-- staff_member.position character varying(60)
-- staff_member.status character varying(60) NOT NULL
-- staff_member.contract_kind character varying(60)
-- staff_member.is_part_time boolean
-- staff_member.recruited_on date
-- staff_member.ended_on date
-- staff_member.career_rank character varying(60)
-- staff_member.professional_qualification character varying(60)
-- staff_member.education_management_level character varying(60)
-- staff_member.political_theory_level character varying(60)
-- staff_member.foreign_language character varying(60)
-- staff_member.foreign_language_level character varying(60)
-- staff_member.it_level character varying(60)
-- staff_member.taught_subject character varying(60)
-- staff_member.second_subject character varying(60)
-- staff_member.culture_teacher_kind character varying(60)
-- staff_member.professional_standard_result character varying(60)
-- staff_member.official_rating character varying(60)
-- staff_member.envelope jsonb
-- statistics_cell.generation bigint NOT NULL
-- statistics_cell.data_set character varying(60) NOT NULL
-- statistics_cell.key text NOT NULL
-- statistics_cell.first bigint NOT NULL
-- statistics_cell.second bigint NOT NULL
-- statistics_cell.third bigint NOT NULL
-- statistics_cell.revision bigint NOT NULL
-- statistics_cell_change.generation bigint NOT NULL
-- statistics_cell_change.revision bigint NOT NULL
-- statistics_cell_change.data_set character varying(60) NOT NULL
-- statistics_cell_change.cells bigint NOT NULL
-- statistics_cell_change.keys text NOT NULL
-- statistics_count.generation bigint NOT NULL
-- statistics_count.position bigint NOT NULL
-- statistics_count.revision bigint NOT NULL
-- statistics_count.told_since bigint NOT NULL
-- statistics_count.is_shown boolean NOT NULL
-- statistics_count.meaning character varying(60) NOT NULL
-- statistics_count.counted_at timestamp with time zone NOT NULL
-- statistics_fact.generation bigint NOT NULL
-- statistics_fact.record_id uuid NOT NULL
-- statistics_fact.resource character varying(60) NOT NULL
-- statistics_fact.centre_id uuid
-- statistics_fact.programme_id uuid
-- statistics_fact.class_id uuid
-- statistics_fact.learner_id uuid
-- statistics_fact.changes_on date
-- statistics_fact.body text NOT NULL
-- statistics_release.id uuid NOT NULL
-- statistics_release.version bigint NOT NULL
-- statistics_release.created_at timestamp with time zone NOT NULL
-- statistics_release.updated_at timestamp with time zone NOT NULL
-- statistics_release.deleted_at timestamp with time zone
-- statistics_release.province_code character varying(60)
-- statistics_release.commune_code character varying(60)
-- statistics_release.centre_id uuid
-- statistics_release.search_text text NOT NULL
-- statistics_release.external_ids jsonb NOT NULL
-- statistics_release.data_set character varying(60) NOT NULL
-- statistics_release.release character varying(60) NOT NULL
-- statistics_release.previous character varying(60)
-- statistics_release.ordinal bigint NOT NULL
-- statistics_release.kind character varying(60) NOT NULL
-- statistics_release.notes_vi text NOT NULL
-- statistics_release.notes_en text NOT NULL
-- statistics_release.reason text
-- statistics_release.position bigint NOT NULL
-- statistics_release.counted_at timestamp with time zone NOT NULL
-- statistics_release.cells bigint NOT NULL
-- statistics_release.added bigint NOT NULL
-- statistics_release.changed bigint NOT NULL
-- statistics_release.removed bigint NOT NULL
-- statistics_release.digest text NOT NULL
-- statistics_release.definition text NOT NULL
-- statistics_release_part.release_id uuid NOT NULL
-- statistics_release_part.part integer NOT NULL
-- statistics_release_part.cells bytea NOT NULL
-- sync_window.id uuid NOT NULL
-- sync_window.version bigint NOT NULL
-- sync_window.created_at timestamp with time zone NOT NULL
-- sync_window.updated_at timestamp with time zone NOT NULL
-- sync_window.deleted_at timestamp with time zone
-- sync_window.province_code character varying(60)
-- sync_window.commune_code character varying(60)
-- sync_window.centre_id uuid
-- sync_window.search_text text NOT NULL
-- sync_window.external_ids jsonb NOT NULL
-- sync_window.unit character varying(60) NOT NULL
-- sync_window.place jsonb
-- sync_window.school_year integer NOT NULL
-- sync_window.sync_kind character varying(60)
-- sync_window.opens_at timestamp with time zone
-- sync_window.closes_at timestamp with time zone
-- sync_window.note text
-- sync_window.set_by character varying(60) NOT NULL
-- sync_window.locked_at timestamp with time zone
-- sync_window.locked_by character varying(60)
-- sync_window.lock_reason text
-- sync_window.unlocked_at timestamp with time zone
-- sync_window.unlock_reason text
-- unit_successor.from_id character varying(60) NOT NULL
-- unit_successor.to_id character varying(60) NOT NULL
-- unit_successor.from_code character varying(60) NOT NULL
-- unit_successor.to_code character varying(60) NOT NULL
-- unit_successor.area_extent character varying(60) NOT NULL
-- unit_successor.population_extent character varying(60) NOT NULL
-- unit_successor.evidence character varying(60) NOT NULL
-- unit_successor.note text
-- unit_successor.effective_on date NOT NULL
-- vault_key.name text NOT NULL
-- vault_key.master text NOT NULL
-- vault_key.locked text NOT NULL
-- vault_key.created_at timestamp with time zone NOT NULL
-- webhook.id uuid NOT NULL
-- webhook.version bigint NOT NULL
-- webhook.created_at timestamp with time zone NOT NULL
-- webhook.updated_at timestamp with time zone NOT NULL
-- webhook.client_id uuid NOT NULL
-- webhook.name text NOT NULL
-- webhook.url text NOT NULL
-- webhook.resources jsonb NOT NULL
-- webhook.operations jsonb NOT NULL
-- webhook.within jsonb
-- webhook.purpose character varying(60)
-- webhook.signature character varying(60) NOT NULL
-- webhook.secret text NOT NULL
-- webhook.previous_secret text
-- webhook.previous_until timestamp with time zone
-- webhook.state character varying(60) NOT NULL
-- webhook.position bigint NOT NULL
-- webhook.failing_since timestamp with time zone
-- webhook.failures integer NOT NULL
-- webhook.last_fault character varying(60)
-- webhook.last_status integer
-- webhook.next_attempt_at timestamp with time zone
-- webhook.last_delivered_at timestamp with time zone
-- webhook.runner uuid
-- webhook.leased_until timestamp with time zone
-- webhook_delivery.webhook_id uuid NOT NULL
-- webhook_delivery.position bigint NOT NULL
-- webhook_delivery.resource character varying(60) NOT NULL
-- webhook_delivery.record_id uuid NOT NULL
-- webhook_delivery.operation character varying(60) NOT NULL
-- webhook_delivery.state character varying(60) NOT NULL
-- webhook_delivery.attempts integer NOT NULL
-- webhook_delivery.last_fault character varying(60)
-- webhook_delivery.last_status integer
-- webhook_delivery.milliseconds integer
-- webhook_delivery.next_attempt_at timestamp with time zone
-- webhook_delivery.created_at timestamp with time zone NOT NULL
-- webhook_delivery.finished_at timestamp with time zone
ALTER TABLE access_entry ADD CONSTRAINT access_entry_pkey PRIMARY KEY (id);
ALTER TABLE access_head ADD CONSTRAINT access_head_pkey PRIMARY KEY (id);
ALTER TABLE access_record ADD CONSTRAINT access_record_pkey PRIMARY KEY (entry_id, record_id);
ALTER TABLE administrative_unit ADD CONSTRAINT administrative_unit_pkey PRIMARY KEY (id);
ALTER TABLE campus ADD CONSTRAINT campus_pkey PRIMARY KEY (id);
ALTER TABLE centre ADD CONSTRAINT centre_pkey PRIMARY KEY (id);
ALTER TABLE centre_event ADD CONSTRAINT centre_event_pkey PRIMARY KEY (id);
ALTER TABLE class ADD CONSTRAINT class_pkey PRIMARY KEY (id);
ALTER TABLE client ADD CONSTRAINT client_pkey PRIMARY KEY (id);
ALTER TABLE code_list_code ADD CONSTRAINT code_list_code_pkey PRIMARY KEY (list, code, scheme, scheme_code);
ALTER TABLE code_list_item ADD CONSTRAINT code_list_item_pkey PRIMARY KEY (list, code);
ALTER TABLE data_subject_request ADD CONSTRAINT data_subject_request_pkey PRIMARY KEY (id);
ALTER TABLE enrolment ADD CONSTRAINT enrolment_pkey PRIMARY KEY (id);
ALTER TABLE enrolment_event ADD CONSTRAINT enrolment_event_pkey PRIMARY KEY (id);
ALTER TABLE export_chunk ADD CONSTRAINT export_chunk_pkey PRIMARY KEY (job_id, starts_at);
ALTER TABLE export_job ADD CONSTRAINT export_job_pkey PRIMARY KEY (id);
ALTER TABLE external_id ADD CONSTRAINT external_id_pkey PRIMARY KEY (resource, system, value);
ALTER TABLE idempotency ADD CONSTRAINT idempotency_pkey PRIMARY KEY (client_id, key);
ALTER TABLE import_chunk ADD CONSTRAINT import_chunk_pkey PRIMARY KEY (job_id, starts_at);
ALTER TABLE import_job ADD CONSTRAINT import_job_pkey PRIMARY KEY (id);
ALTER TABLE import_receipt ADD CONSTRAINT import_receipt_pkey PRIMARY KEY (job_id, line);
ALTER TABLE journal ADD CONSTRAINT journal_pkey PRIMARY KEY (seq);
ALTER TABLE journal_head ADD CONSTRAINT journal_head_pkey PRIMARY KEY (id);
ALTER TABLE land ADD CONSTRAINT land_pkey PRIMARY KEY (id);
ALTER TABLE learner ADD CONSTRAINT learner_pkey PRIMARY KEY (id);
ALTER TABLE learning_result ADD CONSTRAINT learning_result_pkey PRIMARY KEY (id);
ALTER TABLE programme ADD CONSTRAINT programme_pkey PRIMARY KEY (id);
ALTER TABLE rate_window ADD CONSTRAINT rate_window_pkey PRIMARY KEY (subject, class);
ALTER TABLE recognition ADD CONSTRAINT recognition_pkey PRIMARY KEY (id);
ALTER TABLE reference_data ADD CONSTRAINT reference_data_pkey PRIMARY KEY (name);
ALTER TABLE report ADD CONSTRAINT report_pkey PRIMARY KEY (id);
ALTER TABLE report_reminder ADD CONSTRAINT report_reminder_pkey PRIMARY KEY (client_id, form, school_year, place_key, days);
ALTER TABLE revoked_token ADD CONSTRAINT revoked_token_pkey PRIMARY KEY (jti);
ALTER TABLE room ADD CONSTRAINT room_pkey PRIMARY KEY (id);
ALTER TABLE seaql_migrations ADD CONSTRAINT seaql_migrations_pkey PRIMARY KEY (version);
ALTER TABLE signing_key ADD CONSTRAINT signing_key_pkey PRIMARY KEY (kid);
ALTER TABLE staff_member ADD CONSTRAINT staff_member_pkey PRIMARY KEY (id);
ALTER TABLE statistics_cell ADD CONSTRAINT statistics_cell_pkey PRIMARY KEY (generation, data_set, key);
ALTER TABLE statistics_cell_change ADD CONSTRAINT statistics_cell_change_pkey PRIMARY KEY (generation, revision, data_set);
ALTER TABLE statistics_count ADD CONSTRAINT statistics_count_pkey PRIMARY KEY (generation);
ALTER TABLE statistics_fact ADD CONSTRAINT statistics_fact_pkey PRIMARY KEY (generation, record_id);
ALTER TABLE statistics_release ADD CONSTRAINT statistics_release_pkey PRIMARY KEY (id);
ALTER TABLE statistics_release_part ADD CONSTRAINT statistics_release_part_pkey PRIMARY KEY (release_id, part);
ALTER TABLE sync_window ADD CONSTRAINT sync_window_pkey PRIMARY KEY (id);
ALTER TABLE unit_successor ADD CONSTRAINT unit_successor_pkey PRIMARY KEY (from_id, to_id);
ALTER TABLE vault_key ADD CONSTRAINT vault_key_pkey PRIMARY KEY (name);
ALTER TABLE webhook ADD CONSTRAINT webhook_pkey PRIMARY KEY (id);
ALTER TABLE webhook_delivery ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (webhook_id, "position");
CREATE UNIQUE INDEX access_entry_pkey ON public.access_entry USING btree (id);
CREATE UNIQUE INDEX access_head_pkey ON public.access_head USING btree (id);
CREATE UNIQUE INDEX access_record_pkey ON public.access_record USING btree (entry_id, record_id);
CREATE UNIQUE INDEX administrative_unit_pkey ON public.administrative_unit USING btree (id);
CREATE UNIQUE INDEX campus_pkey ON public.campus USING btree (id);
CREATE UNIQUE INDEX centre_event_pkey ON public.centre_event USING btree (id);
CREATE UNIQUE INDEX centre_pkey ON public.centre USING btree (id);
CREATE UNIQUE INDEX class_pkey ON public.class USING btree (id);
CREATE UNIQUE INDEX client_pkey ON public.client USING btree (id);
CREATE UNIQUE INDEX code_list_code_pkey ON public.code_list_code USING btree (list, code, scheme, scheme_code);
CREATE UNIQUE INDEX code_list_item_pkey ON public.code_list_item USING btree (list, code);
CREATE UNIQUE INDEX data_subject_request_pkey ON public.data_subject_request USING btree (id);
CREATE UNIQUE INDEX enrolment_event_pkey ON public.enrolment_event USING btree (id);
CREATE UNIQUE INDEX enrolment_pkey ON public.enrolment USING btree (id);
CREATE UNIQUE INDEX export_chunk_pkey ON public.export_chunk USING btree (job_id, starts_at);
CREATE UNIQUE INDEX export_job_pkey ON public.export_job USING btree (id);
CREATE UNIQUE INDEX external_id_pkey ON public.external_id USING btree (resource, system, value);
CREATE UNIQUE INDEX idempotency_pkey ON public.idempotency USING btree (client_id, key);
CREATE UNIQUE INDEX import_chunk_pkey ON public.import_chunk USING btree (job_id, starts_at);
CREATE UNIQUE INDEX import_job_pkey ON public.import_job USING btree (id);
CREATE UNIQUE INDEX import_receipt_pkey ON public.import_receipt USING btree (job_id, line);
CREATE INDEX ix_access_entry_client_id_id ON public.access_entry USING btree (client_id, id);
CREATE INDEX ix_access_entry_recorded_at_id ON public.access_entry USING btree (recorded_at, id);
CREATE INDEX ix_access_record_centre_id_entry_id ON public.access_record USING btree (centre_id, entry_id);
CREATE INDEX ix_access_record_learner_id_entry_id ON public.access_record USING btree (learner_id, entry_id);
CREATE INDEX ix_access_record_record_id_entry_id ON public.access_record USING btree (record_id, entry_id);
CREATE INDEX ix_administrative_unit_code ON public.administrative_unit USING btree (code);
CREATE INDEX ix_administrative_unit_parent_id ON public.administrative_unit USING btree (parent_id);
CREATE INDEX ix_campus_centre_id_id ON public.campus USING btree (centre_id, id);
CREATE INDEX ix_campus_commune_code_id ON public.campus USING btree (commune_code, id);
CREATE INDEX ix_campus_official_id ON public.campus USING btree (official_id);
CREATE INDEX ix_campus_province_code_id ON public.campus USING btree (province_code, id);
CREATE INDEX ix_campus_updated_at_id ON public.campus USING btree (updated_at, id);
CREATE INDEX ix_centre_centre_id_id ON public.centre USING btree (centre_id, id);
CREATE INDEX ix_centre_commune_code_id ON public.centre USING btree (commune_code, id);
CREATE INDEX ix_centre_kind_id ON public.centre USING btree (kind, id);
CREATE INDEX ix_centre_official_id ON public.centre USING btree (official_id);
CREATE INDEX ix_centre_province_code_id ON public.centre USING btree (province_code, id);
CREATE INDEX ix_centre_updated_at_id ON public.centre USING btree (updated_at, id);
CREATE INDEX ix_class_centre_id_id ON public.class USING btree (centre_id, id);
CREATE INDEX ix_class_centre_id_school_year_code ON public.class USING btree (centre_id, school_year, code);
CREATE INDEX ix_class_commune_code_id ON public.class USING btree (commune_code, id);
CREATE INDEX ix_class_official_id ON public.class USING btree (official_id);
CREATE INDEX ix_class_programme_id_id ON public.class USING btree (programme_id, id);
CREATE INDEX ix_class_province_code_id ON public.class USING btree (province_code, id);
CREATE INDEX ix_class_school_year_id ON public.class USING btree (school_year, id);
CREATE INDEX ix_class_updated_at_id ON public.class USING btree (updated_at, id);
CREATE INDEX ix_code_list_code_list_scheme_scheme_code ON public.code_list_code USING btree (list, scheme, scheme_code);
CREATE INDEX ix_data_subject_request_centre_id_id ON public.data_subject_request USING btree (centre_id, id);
CREATE INDEX ix_data_subject_request_commune_code_id ON public.data_subject_request USING btree (commune_code, id);
CREATE INDEX ix_data_subject_request_learner_id_id ON public.data_subject_request USING btree (learner_id, id);
CREATE INDEX ix_data_subject_request_province_code_id ON public.data_subject_request USING btree (province_code, id);
CREATE INDEX ix_data_subject_request_search_text_id ON public.data_subject_request USING btree (search_text, id);
CREATE INDEX ix_data_subject_request_updated_at_id ON public.data_subject_request USING btree (updated_at, id);
CREATE INDEX ix_enrolment_centre_id_id ON public.enrolment USING btree (centre_id, id);
CREATE INDEX ix_enrolment_class_id_id ON public.enrolment USING btree (class_id, id);
CREATE INDEX ix_enrolment_commune_code_id ON public.enrolment USING btree (commune_code, id);
CREATE INDEX ix_enrolment_event_centre_id_id ON public.enrolment_event USING btree (centre_id, id);
CREATE INDEX ix_enrolment_learner_id_id ON public.enrolment USING btree (learner_id, id);
CREATE INDEX ix_enrolment_province_code_id ON public.enrolment USING btree (province_code, id);
CREATE INDEX ix_enrolment_updated_at_id ON public.enrolment USING btree (updated_at, id);
CREATE INDEX ix_export_job_client_id_id ON public.export_job USING btree (client_id, id);
CREATE INDEX ix_export_job_expires_at ON public.export_job USING btree (expires_at);
CREATE INDEX ix_export_job_state_leased_until ON public.export_job USING btree (state, leased_until);
CREATE INDEX ix_external_id_record_id ON public.external_id USING btree (record_id);
CREATE INDEX ix_idempotency_created_at ON public.idempotency USING btree (created_at);
CREATE INDEX ix_import_job_client_id_id ON public.import_job USING btree (client_id, id);
CREATE INDEX ix_import_job_expires_at ON public.import_job USING btree (expires_at);
CREATE INDEX ix_import_job_state_leased_until ON public.import_job USING btree (state, leased_until);
CREATE INDEX ix_journal_centre_id_position ON public.journal USING btree (centre_id, "position");
CREATE INDEX ix_journal_pending ON public.journal USING btree (seq) WHERE ("position" IS NULL);
CREATE INDEX ix_journal_record_id_version ON public.journal USING btree (record_id, version);
CREATE INDEX ix_land_centre_id_id ON public.land USING btree (centre_id, id);
CREATE INDEX ix_land_commune_code_id ON public.land USING btree (commune_code, id);
CREATE INDEX ix_land_province_code_id ON public.land USING btree (province_code, id);
CREATE INDEX ix_land_updated_at_id ON public.land USING btree (updated_at, id);
CREATE INDEX ix_learner_birth_year_id ON public.learner USING btree (birth_year, id);
CREATE INDEX ix_learner_centre_id_id ON public.learner USING btree (centre_id, id);
CREATE INDEX ix_learner_commune_code_id ON public.learner USING btree (commune_code, id);
CREATE INDEX ix_learner_merged_into ON public.learner USING btree (merged_into);
CREATE INDEX ix_learner_official_id ON public.learner USING btree (official_id);
CREATE INDEX ix_learner_person_print ON public.learner USING btree (person_print);
CREATE INDEX ix_learner_personal_number_print ON public.learner USING btree (personal_number_print);
CREATE INDEX ix_learner_province_code_id ON public.learner USING btree (province_code, id);
CREATE INDEX ix_learner_updated_at_id ON public.learner USING btree (updated_at, id);
CREATE INDEX ix_learning_result_centre_id_id ON public.learning_result USING btree (centre_id, id);
CREATE INDEX ix_learning_result_class_id_id ON public.learning_result USING btree (class_id, id);
CREATE INDEX ix_learning_result_commune_code_id ON public.learning_result USING btree (commune_code, id);
CREATE INDEX ix_learning_result_enrolment_id_id ON public.learning_result USING btree (enrolment_id, id);
CREATE INDEX ix_learning_result_learner_id_id ON public.learning_result USING btree (learner_id, id);
CREATE INDEX ix_learning_result_province_code_id ON public.learning_result USING btree (province_code, id);
CREATE INDEX ix_learning_result_updated_at_id ON public.learning_result USING btree (updated_at, id);
CREATE INDEX ix_programme_centre_id_id ON public.programme USING btree (centre_id, id);
CREATE INDEX ix_programme_commune_code_id ON public.programme USING btree (commune_code, id);
CREATE INDEX ix_programme_kind_id ON public.programme USING btree (kind, id);
CREATE INDEX ix_programme_province_code_id ON public.programme USING btree (province_code, id);
CREATE INDEX ix_programme_state_id ON public.programme USING btree (state, id);
CREATE INDEX ix_programme_updated_at_id ON public.programme USING btree (updated_at, id);
CREATE INDEX ix_rate_window_started ON public.rate_window USING btree (started);
CREATE INDEX ix_recognition_centre_id_id ON public.recognition USING btree (centre_id, id);
CREATE INDEX ix_recognition_commune_code_id ON public.recognition USING btree (commune_code, id);
CREATE INDEX ix_recognition_decision_number ON public.recognition USING btree (decision_number);
CREATE INDEX ix_recognition_holder_key_kind ON public.recognition USING btree (holder_key, kind);
CREATE INDEX ix_recognition_kind_assessed_year_id ON public.recognition USING btree (kind, assessed_year, id);
CREATE INDEX ix_recognition_province_code_id ON public.recognition USING btree (province_code, id);
CREATE INDEX ix_recognition_updated_at_id ON public.recognition USING btree (updated_at, id);
CREATE INDEX ix_report_centre_id_id ON public.report USING btree (centre_id, id);
CREATE INDEX ix_report_commune_code_id ON public.report USING btree (commune_code, id);
CREATE INDEX ix_report_due_on_id ON public.report USING btree (due_on, id);
CREATE INDEX ix_report_province_code_id ON public.report USING btree (province_code, id);
CREATE INDEX ix_report_school_year_id ON public.report USING btree (school_year, id);
CREATE INDEX ix_report_updated_at_id ON public.report USING btree (updated_at, id);
CREATE INDEX ix_revoked_token_expires_at ON public.revoked_token USING btree (expires_at);
CREATE INDEX ix_room_centre_id_id ON public.room USING btree (centre_id, id);
CREATE INDEX ix_room_commune_code_id ON public.room USING btree (commune_code, id);
CREATE INDEX ix_room_province_code_id ON public.room USING btree (province_code, id);
CREATE INDEX ix_room_updated_at_id ON public.room USING btree (updated_at, id);
CREATE INDEX ix_staff_member_centre_id_id ON public.staff_member USING btree (centre_id, id);
CREATE INDEX ix_staff_member_commune_code_id ON public.staff_member USING btree (commune_code, id);
CREATE INDEX ix_staff_member_official_id ON public.staff_member USING btree (official_id);
CREATE INDEX ix_staff_member_province_code_id ON public.staff_member USING btree (province_code, id);
CREATE INDEX ix_staff_member_updated_at_id ON public.staff_member USING btree (updated_at, id);
CREATE INDEX ix_statistics_fact_generation_centre_id_record_id ON public.statistics_fact USING btree (generation, centre_id, record_id) WHERE (centre_id IS NOT NULL);
CREATE INDEX ix_statistics_fact_generation_changes_on ON public.statistics_fact USING btree (generation, changes_on) WHERE (changes_on IS NOT NULL);
CREATE INDEX ix_statistics_fact_generation_class_id_record_id ON public.statistics_fact USING btree (generation, class_id, record_id) WHERE (class_id IS NOT NULL);
CREATE INDEX ix_statistics_fact_generation_learner_id_record_id ON public.statistics_fact USING btree (generation, learner_id, record_id) WHERE (learner_id IS NOT NULL);
CREATE INDEX ix_statistics_fact_generation_programme_id_record_id ON public.statistics_fact USING btree (generation, programme_id, record_id) WHERE (programme_id IS NOT NULL);
CREATE INDEX ix_sync_window_centre_id_id ON public.sync_window USING btree (centre_id, id);
CREATE INDEX ix_sync_window_commune_code_id ON public.sync_window USING btree (commune_code, id);
CREATE INDEX ix_sync_window_province_code_id ON public.sync_window USING btree (province_code, id);
CREATE INDEX ix_sync_window_unit_id ON public.sync_window USING btree (unit, id);
CREATE INDEX ix_sync_window_updated_at_id ON public.sync_window USING btree (updated_at, id);
CREATE INDEX ix_unit_successor_from_code ON public.unit_successor USING btree (from_code);
CREATE INDEX ix_unit_successor_to_id ON public.unit_successor USING btree (to_id);
CREATE INDEX ix_webhook_client_id_id ON public.webhook USING btree (client_id, id);
CREATE INDEX ix_webhook_delivery_created_at ON public.webhook_delivery USING btree (created_at);
CREATE INDEX ix_webhook_delivery_waiting ON public.webhook_delivery USING btree (webhook_id, record_id, "position") WHERE ((state)::text = 'waiting'::text);
CREATE UNIQUE INDEX journal_head_pkey ON public.journal_head USING btree (id);
CREATE UNIQUE INDEX journal_pkey ON public.journal USING btree (seq);
CREATE UNIQUE INDEX land_pkey ON public.land USING btree (id);
CREATE UNIQUE INDEX learner_pkey ON public.learner USING btree (id);
CREATE UNIQUE INDEX learning_result_pkey ON public.learning_result USING btree (id);
CREATE UNIQUE INDEX programme_pkey ON public.programme USING btree (id);
CREATE UNIQUE INDEX rate_window_pkey ON public.rate_window USING btree (subject, class);
CREATE UNIQUE INDEX recognition_pkey ON public.recognition USING btree (id);
CREATE UNIQUE INDEX reference_data_pkey ON public.reference_data USING btree (name);
CREATE UNIQUE INDEX report_pkey ON public.report USING btree (id);
CREATE UNIQUE INDEX report_reminder_pkey ON public.report_reminder USING btree (client_id, form, school_year, place_key, days);
CREATE UNIQUE INDEX revoked_token_pkey ON public.revoked_token USING btree (jti);
CREATE UNIQUE INDEX room_pkey ON public.room USING btree (id);
CREATE UNIQUE INDEX seaql_migrations_pkey ON public.seaql_migrations USING btree (version);
CREATE UNIQUE INDEX signing_key_pkey ON public.signing_key USING btree (kid);
CREATE UNIQUE INDEX staff_member_pkey ON public.staff_member USING btree (id);
CREATE UNIQUE INDEX statistics_cell_change_pkey ON public.statistics_cell_change USING btree (generation, revision, data_set);
CREATE UNIQUE INDEX statistics_cell_pkey ON public.statistics_cell USING btree (generation, data_set, key);
CREATE UNIQUE INDEX statistics_count_pkey ON public.statistics_count USING btree (generation);
CREATE UNIQUE INDEX statistics_fact_pkey ON public.statistics_fact USING btree (generation, record_id);
CREATE UNIQUE INDEX statistics_release_part_pkey ON public.statistics_release_part USING btree (release_id, part);
CREATE UNIQUE INDEX statistics_release_pkey ON public.statistics_release USING btree (id);
CREATE UNIQUE INDEX sync_window_pkey ON public.sync_window USING btree (id);
CREATE UNIQUE INDEX unit_successor_pkey ON public.unit_successor USING btree (from_id, to_id);
CREATE UNIQUE INDEX ux_access_entry_position ON public.access_entry USING btree ("position");
CREATE UNIQUE INDEX ux_centre_event_centre_id_sequence ON public.centre_event USING btree (centre_id, sequence);
CREATE UNIQUE INDEX ux_client_external_issuer_external_subject ON public.client USING btree (external_issuer, external_subject);
CREATE UNIQUE INDEX ux_client_system ON public.client USING btree (system);
CREATE UNIQUE INDEX ux_enrolment_event_enrolment_id_sequence ON public.enrolment_event USING btree (enrolment_id, sequence);
CREATE UNIQUE INDEX ux_import_receipt_job_id_place ON public.import_receipt USING btree (job_id, place);
CREATE UNIQUE INDEX ux_journal_position ON public.journal USING btree ("position");
CREATE UNIQUE INDEX ux_learning_result_enrolment_id_term ON public.learning_result USING btree (enrolment_id, term) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX ux_recognition_holder_key_kind_assessed_year ON public.recognition USING btree (holder_key, kind, assessed_year) WHERE ((deleted_at IS NULL) AND ((state)::text <> ALL ((ARRAY['refused'::character varying, 'withdrawn'::character varying])::text[])) AND ((holder_kind)::text <> ALL ((ARRAY['family'::character varying, 'citizen'::character varying])::text[])));
CREATE UNIQUE INDEX ux_recognition_verification_code ON public.recognition USING btree (verification_code);
CREATE UNIQUE INDEX ux_report_form_school_year_place_key ON public.report USING btree (form, school_year, place_key) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX ux_statistics_release_data_set_ordinal ON public.statistics_release USING btree (data_set, ordinal);
CREATE UNIQUE INDEX ux_statistics_release_data_set_release ON public.statistics_release USING btree (data_set, release);
CREATE UNIQUE INDEX vault_key_pkey ON public.vault_key USING btree (name);
CREATE UNIQUE INDEX webhook_delivery_pkey ON public.webhook_delivery USING btree (webhook_id, "position");
CREATE UNIQUE INDEX webhook_pkey ON public.webhook USING btree (id);
