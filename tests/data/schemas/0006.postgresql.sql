CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);;
CREATE TABLE article (
	id BIGSERIAL NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT, 
	summary TEXT, 
	outlet TEXT NOT NULL, 
	language VARCHAR NOT NULL, 
	published TIMESTAMP WITH TIME ZONE, 
	precision VARCHAR NOT NULL, 
	evidence VARCHAR NOT NULL, 
	authors JSON NOT NULL, 
	source VARCHAR, 
	kind VARCHAR NOT NULL, 
	agency TEXT NOT NULL, 
	paywall BOOLEAN, 
	section TEXT NOT NULL, 
	tier VARCHAR NOT NULL, 
	page VARCHAR NOT NULL, 
	listing VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	standing VARCHAR NOT NULL, 
	first_seen TIMESTAMP WITH TIME ZONE NOT NULL, 
	revision INTEGER DEFAULT 0 NOT NULL, 
	revised TIMESTAMP WITH TIME ZONE, 
	gone BOOLEAN DEFAULT false NOT NULL, 
	pending BOOLEAN NOT NULL, 
	CONSTRAINT pk_article PRIMARY KEY (id), 
	CONSTRAINT uq_article_url UNIQUE (url)
);;
CREATE INDEX ix_article_first_seen ON article (first_seen);;
CREATE INDEX ix_article_pending ON article (id) WHERE pending;;
CREATE INDEX ix_article_source ON article (source, id);;
CREATE TABLE channel (
	name VARCHAR NOT NULL, 
	added TIMESTAMP WITH TIME ZONE NOT NULL, 
	upto BIGINT NOT NULL, 
	CONSTRAINT pk_channel PRIMARY KEY (name)
);;
CREATE TABLE follow (
	story BIGINT NOT NULL, 
	channel VARCHAR NOT NULL, 
	created TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_follow PRIMARY KEY (story, channel)
);;
CREATE TABLE lease (
	name VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_lease PRIMARY KEY (name)
);;
CREATE TABLE listing (
	key VARCHAR NOT NULL, 
	seen TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_listing PRIMARY KEY (key)
);;
CREATE TABLE mute (
	id BIGSERIAL NOT NULL, 
	kind VARCHAR NOT NULL, 
	what TEXT NOT NULL, 
	channel VARCHAR, 
	created TIMESTAMP WITH TIME ZONE NOT NULL, 
	until TIMESTAMP WITH TIME ZONE, 
	by TEXT DEFAULT ('') NOT NULL, 
	CONSTRAINT pk_mute PRIMARY KEY (id)
);;
CREATE TABLE outbox (
	id BIGSERIAL NOT NULL, 
	key VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	payload TEXT NOT NULL, 
	promised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	part INTEGER DEFAULT 0 NOT NULL, 
	level INTEGER DEFAULT 0 NOT NULL, 
	attempts INTEGER DEFAULT 0 NOT NULL, 
	attempted_at TIMESTAMP WITH TIME ZONE, 
	not_before TIMESTAMP WITH TIME ZONE, 
	held BOOLEAN DEFAULT false NOT NULL, 
	remote TEXT, 
	link TEXT, 
	error TEXT DEFAULT ('') NOT NULL, 
	cure TEXT DEFAULT ('') NOT NULL, 
	delivered_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT uq_outbox_key UNIQUE (key)
);;
CREATE INDEX ix_outbox_waiting ON outbox (channel, id) WHERE delivered_at IS NULL;;
CREATE TABLE schedule_run (
	job VARCHAR NOT NULL, 
	slot TIMESTAMP WITH TIME ZONE NOT NULL, 
	started TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished TIMESTAMP WITH TIME ZONE, 
	state VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_schedule_run PRIMARY KEY (job, slot)
);;
CREATE TABLE source (
	id VARCHAR NOT NULL, 
	next_due TIMESTAMP WITH TIME ZONE, 
	first_read TIMESTAMP WITH TIME ZONE, 
	last_read TIMESTAMP WITH TIME ZONE, 
	last_ok TIMESTAMP WITH TIME ZONE, 
	last_new TIMESTAMP WITH TIME ZONE, 
	failures INTEGER DEFAULT 0 NOT NULL, 
	etag TEXT, 
	last_modified TEXT, 
	body_hash VARCHAR, 
	moved_to TEXT, 
	interval FLOAT, 
	ill_since TIMESTAMP WITH TIME ZONE, 
	ill_why TEXT, 
	ill_told TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_source PRIMARY KEY (id)
);;
CREATE TABLE source_run (
	id BIGSERIAL NOT NULL, 
	source VARCHAR NOT NULL, 
	started TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished TIMESTAMP WITH TIME ZONE NOT NULL, 
	outcome VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	status INTEGER, 
	entries INTEGER NOT NULL, 
	"new" INTEGER NOT NULL, 
	size INTEGER NOT NULL, 
	CONSTRAINT pk_source_run PRIMARY KEY (id)
);;
CREATE INDEX ix_source_run_source_started ON source_run (source, started);;
CREATE TABLE story (
	id BIGSERIAL NOT NULL, 
	opened TIMESTAMP WITH TIME ZONE NOT NULL, 
	merged_into BIGINT, 
	CONSTRAINT pk_story PRIMARY KEY (id), 
	CONSTRAINT fk_story_merged_into FOREIGN KEY(merged_into) REFERENCES story (id)
);;
CREATE TABLE address (
	id BIGSERIAL NOT NULL, 
	original_url TEXT NOT NULL, 
	url TEXT NOT NULL, 
	article BIGINT NOT NULL, 
	source VARCHAR, 
	first_seen TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_address PRIMARY KEY (id), 
	CONSTRAINT fk_address_article FOREIGN KEY(article) REFERENCES article (id), 
	CONSTRAINT uq_address_original_url UNIQUE (original_url)
);;
CREATE INDEX ix_address_article ON address (article);;
CREATE INDEX ix_address_url ON address (url);;
CREATE TABLE article_key (
	key TEXT NOT NULL, 
	article BIGINT NOT NULL, 
	seen TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_article_key PRIMARY KEY (key), 
	CONSTRAINT fk_article_key_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE INDEX ix_article_key_article ON article_key (article);;
CREATE TABLE article_topic (
	article BIGINT NOT NULL, 
	topic VARCHAR NOT NULL, 
	score FLOAT NOT NULL, 
	centrality VARCHAR, 
	reasons JSON NOT NULL, 
	signals JSON NOT NULL, 
	CONSTRAINT pk_article_topic PRIMARY KEY (article, topic), 
	CONSTRAINT fk_article_topic_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE TABLE copy_key (
	key BIGINT NOT NULL, 
	article BIGINT NOT NULL, 
	CONSTRAINT pk_copy_key PRIMARY KEY (key, article), 
	CONSTRAINT fk_copy_key_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE INDEX ix_copy_key_article ON copy_key (article);;
CREATE TABLE judgement (
	article BIGINT NOT NULL, 
	judged TIMESTAMP WITH TIME ZONE NOT NULL, 
	placement VARCHAR, 
	copy_of BIGINT, 
	story BIGINT, 
	seed VARCHAR, 
	relation VARCHAR, 
	seed_why TEXT, 
	"new" JSON NOT NULL, 
	why JSON NOT NULL, 
	at TIMESTAMP WITH TIME ZONE, 
	scheme INTEGER, 
	fingerprint BYTEA, 
	CONSTRAINT pk_judgement PRIMARY KEY (article), 
	CONSTRAINT fk_judgement_article FOREIGN KEY(article) REFERENCES article (id), 
	CONSTRAINT fk_judgement_copy_of FOREIGN KEY(copy_of) REFERENCES article (id), 
	CONSTRAINT fk_judgement_story FOREIGN KEY(story) REFERENCES story (id)
);;
CREATE INDEX ix_judgement_copy_of ON judgement (copy_of);;
CREATE INDEX ix_judgement_seed ON judgement (seed);;
CREATE INDEX ix_judgement_story_article ON judgement (story, article);;
CREATE TABLE news (
	channel VARCHAR NOT NULL, 
	article BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	story BIGINT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_news PRIMARY KEY (channel, article, revision), 
	CONSTRAINT fk_news_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE INDEX ix_news_article ON news (article);;
CREATE INDEX ix_news_channel_story ON news (channel, story);;
CREATE TABLE related (
	story BIGINT NOT NULL, 
	other BIGINT NOT NULL, 
	CONSTRAINT pk_related PRIMARY KEY (story, other), 
	CONSTRAINT fk_related_other FOREIGN KEY(other) REFERENCES story (id), 
	CONSTRAINT fk_related_story FOREIGN KEY(story) REFERENCES story (id)
);;
CREATE TABLE revision (
	article BIGINT NOT NULL, 
	number INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT, 
	change VARCHAR NOT NULL, 
	lines JSON NOT NULL, 
	CONSTRAINT pk_revision PRIMARY KEY (article, number), 
	CONSTRAINT fk_revision_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE TABLE story_key (
	key BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	article BIGINT NOT NULL, 
	CONSTRAINT pk_story_key PRIMARY KEY (key, at, article), 
	CONSTRAINT fk_story_key_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE INDEX ix_story_key_article ON story_key (article);;
CREATE TABLE story_rule (
	article BIGINT NOT NULL, 
	story BIGINT NOT NULL, 
	apart BOOLEAN NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_story_rule PRIMARY KEY (article, story), 
	CONSTRAINT fk_story_rule_article FOREIGN KEY(article) REFERENCES article (id), 
	CONSTRAINT fk_story_rule_story FOREIGN KEY(story) REFERENCES story (id)
);;
CREATE TABLE told (
	channel VARCHAR NOT NULL, 
	article BIGINT NOT NULL, 
	revision INTEGER NOT NULL, 
	story BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	message VARCHAR, 
	how VARCHAR NOT NULL, 
	CONSTRAINT pk_told PRIMARY KEY (channel, article, revision), 
	CONSTRAINT fk_told_article FOREIGN KEY(article) REFERENCES article (id)
);;
CREATE INDEX ix_told_article ON told (article);;
CREATE INDEX ix_told_channel_story ON told (channel, story);;
CREATE INDEX article_text ON article USING gin (to_tsvector('simple', translate(lower(coalesce(title, '') || ' ' || coalesce(summary, '') || ' ' || left(coalesce(text, ''), 200000)), 'àáâäãåçèéêëìíîïñòóôöõùúûüýÿ’', 'aaaaaaceeeeiiiinooooouuuuyy''')));;
INSERT INTO alembic_version (version_num) VALUES ('0001') RETURNING alembic_version.version_num;;
CREATE TABLE landed (
	outbox BIGINT NOT NULL, 
	story BIGINT NOT NULL, 
	link TEXT NOT NULL, 
	CONSTRAINT pk_landed PRIMARY KEY (outbox, story), 
	CONSTRAINT fk_landed_outbox FOREIGN KEY(outbox) REFERENCES outbox (id)
);;
UPDATE alembic_version SET version_num='0002' WHERE alembic_version.version_num = '0001';;
CREATE TABLE robots (
	origin VARCHAR NOT NULL, 
	body TEXT, 
	read TIMESTAMP WITH TIME ZONE, 
	failing_since TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_robots PRIMARY KEY (origin)
);;
UPDATE alembic_version SET version_num='0003' WHERE alembic_version.version_num = '0002';;
CREATE INDEX ix_related_other ON related (other);;
CREATE INDEX ix_story_rule_story ON story_rule (story);;
CREATE INDEX ix_landed_story ON landed (story);;
CREATE INDEX ix_mute_kind_what ON mute (kind, what);;
UPDATE alembic_version SET version_num='0004' WHERE alembic_version.version_num = '0003';;
CREATE INDEX ix_told_channel_at ON told (channel, at);;
CREATE INDEX ix_story_opened ON story (opened);;
CREATE INDEX ix_source_run_started ON source_run (started);;
UPDATE alembic_version SET version_num='0005' WHERE alembic_version.version_num = '0004';;
DROP INDEX ix_source_run_started;;
CREATE INDEX ix_source_run_remarks ON source_run (started) WHERE detail <> '' AND outcome <> 'failed';;
UPDATE alembic_version SET version_num='0006' WHERE alembic_version.version_num = '0005';;
