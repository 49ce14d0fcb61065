import type { Row } from "./summary.ts";

/** Lines of programs: Python, Django, Node.js, Go, Ruby, PHP, Java, C# and Rust. */
export const code: readonly Row[] = [
  [
    'psycopg.connect("host=db.example.com dbname=shop user=app password=s3cret sslmode=require")',
    "python app:s3cret@db.example.com/shop require",
  ],
  [
    'conn = psycopg2.connect(host="db.example.com", port=5432, dbname="shop", user="app", password="s3cret", sslmode="require")',
    "python app:s3cret@db.example.com:5432/shop require",
  ],
  [
    'cnx = psycopg2.connect(user="citus", password="{your_password}", host="c.shop.postgres.database.azure.com", port=5432, database="{your_database}")',
    "python citus@c.shop.postgres.database.azure.com:5432/ - notes:placeholder-value(dbname),placeholder-password,sslmode-absent-means-prefer",
  ],
  [
    "conn = psycopg2.connect(\"dbname='citus' user='citus' host='c.shop.postgres.database.azure.com' password='{your_password}' port='5432' sslmode='true'\")",
    "python citus@c.shop.postgres.database.azure.com:5432/citus require notes:client-meaning(Azure; sslmode=true; require; refused),placeholder-password",
  ],
  [
    'with psycopg.connect(\n    "postgresql://app@db.example.com/shop",\n    password=os.environ["PGPASSWORD"],\n    sslmode="verify-full",\n    sslrootcert="ca.pem",\n) as conn:\n    pass',
    "python app@db.example.com/shop verify-full trust=own paths:sslrootcert notes:value-elsewhere(password)",
  ],
  [
    'conn = psycopg2.connect(\n    "host=db.example.com "  # the primary\n    "dbname=shop user=app"\n)',
    "python app@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'pool = ConnectionPool("postgresql://app:s3cret@db.example.com/shop?sslmode=require", min_size=1)',
    "python app:s3cret@db.example.com/shop require unknown:min_size=1",
  ],
  [
    'conn = await asyncpg.connect("postgresql://app:s3cret@db.example.com/shop")',
    "python app:s3cret@db.example.com/shop - notes:client-default(asyncpg; prefer)",
  ],
  [
    "conn = await asyncpg.connect(host='db.example.com', user='app', password='s3cret', database='shop', ssl='require')",
    "python app:s3cret@db.example.com/shop require",
  ],
  [
    "conn = await asyncpg.connect(host='db.example.com', user='app', database='shop', ssl=True)",
    "python app@db.example.com/shop verify-full notes:client-meaning(asyncpg; ssl=True; verify_full; other_words)",
  ],
  [
    "conn = await asyncpg.connect(host='db.example.com', user='app', database='shop', ssl=False)",
    "python app@db.example.com/shop disable notes:client-meaning(asyncpg; ssl=False; disable; other_words)",
  ],
  [
    "pool = await asyncpg.create_pool(dsn='postgres://app@db.example.com/shop', ssl=ssl.create_default_context(cafile='ca.pem'))",
    "python app@db.example.com/shop verify-full notes:client-ambiguous(Python; ssl=SSLContext; verify_full)",
  ],
  [
    'engine = create_engine("postgresql+psycopg2://app:s3cret@db.example.com/shop", connect_args={"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"})',
    "sqlalchemy app:s3cret@db.example.com/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    'engine = create_async_engine("postgresql+asyncpg://app:s3cret@db.example.com/shop", connect_args={"ssl": "require"}, echo=True)',
    "sqlalchemy app:s3cret@db.example.com/shop require unknown:echo=true",
  ],
  [
    'url = URL.create("postgresql+psycopg", username="app", password="s3cret", host="db.example.com", port=5432, database="shop", query={"sslmode": "require"})',
    "python app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "DATABASES = {\n    'default': {\n        'ENGINE': 'django.db.backends.postgresql',\n        'NAME': 'shop',\n        'USER': 'app',\n        'PASSWORD': 's3cret',\n        'HOST': 'db.example.com',\n        'PORT': '5432',\n        'OPTIONS': {'sslmode': 'verify-full', 'sslrootcert': BASE_DIR / 'ca.pem'},\n    }\n}",
    "django app:s3cret@db.example.com:5432/shop verify-full trust=own notes:value-elsewhere(sslrootcert)",
  ],
  [
    'DATABASES = {\n  "default": {\n    "ENGINE": "django.db.backends.postgresql",\n    "HOST": os.environ["DB_HOST"],\n    "NAME": "shop",\n    "USER": "app",\n    "OPTIONS": {"sslmode": "require"},\n  },\n}',
    "django app@/shop require notes:value-elsewhere(host)",
  ],
  [
    "'default': {'ENGINE': 'django.contrib.gis.db.backends.postgis', 'NAME': 'maps', 'HOST': 'db.example.com', 'USER': 'gis', 'PASSWORD': 's3cret'}",
    "django gis:s3cret@db.example.com/maps - notes:sslmode-absent-means-prefer",
  ],
  [
    "const client = new Client({ host: 'db.example.com', port: 5432, user: 'app', password: 's3cret', database: 'shop' });",
    "node app:s3cret@db.example.com:5432/shop - notes:client-default(node-postgres; disable)",
  ],
  [
    "const client = new Client({ host: 'db.example.com', user: 'app', password: 's3cret', database: 'shop', ssl: true });",
    "node app:s3cret@db.example.com/shop verify-full notes:client-meaning(node-postgres; ssl: true; verify_full; other_words)",
  ],
  [
    "const client = new Client({ host: 'db.example.com', user: 'app', password: 's3cret', database: 'shop', ssl: false });",
    "node app:s3cret@db.example.com/shop disable notes:client-meaning(node-postgres; ssl: false; disable; other_words)",
  ],
  [
    "const pool = new Pool({\n  host: 'db.example.com',\n  user: 'app',\n  password: process.env.DB_PASSWORD,\n  database: 'shop',\n  max: 20,\n  ssl: { rejectUnauthorized: false }, // self-signed\n});",
    "node app@db.example.com/shop require unchecked unknown:max=20 notes:value-elsewhere(password),client-meaning(node-postgres; rejectUnauthorized: false; unchecked; other_words)",
  ],
  [
    "const pool = new pg.Pool({ connectionString: 'postgres://app:s3cret@db.example.com/shop', ssl: { rejectUnauthorized: true, ca: fs.readFileSync('./certs/ca.pem').toString() } })",
    "node app:s3cret@db.example.com/shop verify-full trust=own paths:sslrootcert notes:client-meaning(node-postgres; ssl: {…}; verify_full; other_words)",
  ],
  [
    "new Client({ host: 'db.example.com', user: 'app', database: 'shop', ssl: { ca: fs.readFileSync('/etc/ca.pem'), cert: fs.readFileSync('client.crt'), key: fs.readFileSync('client.key'), minVersion: 'TLSv1.3' } })",
    "node app@db.example.com/shop verify-full trust=own minVersion=TLSv1.3 paths:sslrootcert,sslcert,sslkey notes:client-meaning(node-postgres; ssl: {…}; verify_full; other_words)",
  ],
  [
    "new Client({ host: 'db.example.com', user: 'app', ssl: { ca, checkServerIdentity: () => undefined } })",
    "node app@db.example.com/ verify-ca trust=own notes:value-elsewhere(sslrootcert),client-meaning(node-postgres; checkServerIdentity; verify_ca; other_words)",
  ],
  [
    "new Client({ host: 'db.example.com', user: 'app', ssl: { ca: `-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----` } })",
    "node app@db.example.com/ verify-full trust=own ca=-----BEGIN CERTIFICATE----- notes:client-meaning(node-postgres; ssl: {…}; verify_full; other_words)",
  ],
  [
    "new Client({ host: '192.0.2.7', user: 'app', ssl: { servername: 'db.example.com' } })",
    "node app@db.example.com/ verify-full networkAddress=192.0.2.7 notes:client-meaning(node-postgres; ssl: {…}; verify_full; other_words)",
  ],
  [
    "new Client({ connectionString: 'postgres://app:s3cret@db.example.com/shop?sslmode=require' })",
    "node app:s3cret@db.example.com/shop verify-full notes:client-meaning(node-postgres; sslmode=require; verify_full; require)",
  ],
  [
    "new Client({ connectionString: 'postgres://app:s3cret@db.example.com/shop?sslmode=verify-ca' })",
    "node app:s3cret@db.example.com/shop verify-full notes:client-meaning(node-postgres; sslmode=verify-ca; verify_full; verify_ca)",
  ],
  [
    "new Client({ connectionString: 'postgres://app:s3cret@db.example.com/shop?sslmode=no-verify' })",
    "node app:s3cret@db.example.com/shop require unchecked notes:client-meaning(node-postgres; sslmode=no-verify; unchecked; refused)",
  ],
  [
    "new Client({ connectionString: 'postgres://app:s3cret@db.example.com/shop?sslmode=require&uselibpqcompat=true' })",
    "node app:s3cret@db.example.com/shop require",
  ],
  [
    "new Client({ connectionString: 'postgres://app:s3cret@db.example.com/shop?sslmode=disable' })",
    "node app:s3cret@db.example.com/shop disable",
  ],
  [
    "new Client('postgres://app:s3cret@db.example.com/shop?ssl=true')",
    "node app:s3cret@db.example.com/shop verify-full notes:client-meaning(node-postgres; sslmode=true; verify_full; refused)",
  ],
  [
    "const pool = new Pool({ connectionString: process.env.DATABASE_URL, ssl: process.env.NODE_ENV === 'production' ? { rejectUnauthorized: false } : false })",
    "node @/ verify-full notes:value-elsewhere(connectionString),client-meaning(node-postgres; ssl: …; verify_full; other_words),value-elsewhere(ssl)",
  ],
  [
    "const sql = postgres('postgres://app:s3cret@db.example.com/shop', { ssl: 'require' })",
    "node app:s3cret@db.example.com/shop require",
  ],
  [
    "const sql = postgres({ host: 'db.example.com', username: 'app', password: 's3cret', database: 'shop', ssl: 'verify-full' })",
    "node app:s3cret@db.example.com/shop verify-full",
  ],
  [
    "const db = knex({ client: 'pg', connection: { host: 'db.example.com', user: 'app', password: 's3cret', database: 'shop', ssl: { rejectUnauthorized: false } } })",
    "node app:s3cret@db.example.com/shop require unchecked notes:client-meaning(node-postgres; rejectUnauthorized: false; unchecked; other_words)",
  ],
  [
    "const sequelize = new Sequelize('shop', 'app', 's3cret', { host: 'db.example.com', dialect: 'postgres', dialectOptions: { ssl: { require: true, rejectUnauthorized: false } } })",
    "node app:s3cret@db.example.com/shop require unchecked unknown:require=true notes:client-meaning(node-postgres; rejectUnauthorized: false; unchecked; other_words)",
  ],
  [
    "new DataSource({ type: 'postgres', host: 'db.example.com', port: 5432, username: 'app', password: 's3cret', database: 'shop', ssl: true })",
    "node app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(node-postgres; ssl: true; verify_full; other_words)",
  ],
  [
    "const config = {\n  host: 'db.example.com',\n  user: 'app',\n  password: 's3cret',\n  database: 'shop',\n  port: 5432,\n  ssl: true\n};",
    "node app:s3cret@db.example.com:5432/shop verify-full notes:client-meaning(node-postgres; ssl: true; verify_full; other_words)",
  ],
  [
    'conn, err := pgx.Connect(context.Background(), "postgres://app:s3cret@db.example.com:5432/shop?sslmode=verify-full")',
    "go app:s3cret@db.example.com:5432/shop verify-full",
  ],
  [
    'pool, err := pgxpool.New(ctx, "host=db.example.com user=app password=s3cret dbname=shop sslmode=require pool_max_conns=10")',
    "go app:s3cret@db.example.com/shop require unknown:pool_max_conns=10",
  ],
  [
    'db, err := sql.Open("postgres", "postgres://app:s3cret@db.example.com/shop")',
    "go app:s3cret@db.example.com/shop require notes:client-meaning(lib/pq; no sslmode; require; prefer)",
  ],
  [
    'db, err := sql.Open("postgres", "host=db.example.com user=app password=s3cret dbname=shop sslmode=disable")',
    "go app:s3cret@db.example.com/shop disable",
  ],
  [
    'db, err := sql.Open("pgx", "postgres://app:s3cret@db.example.com/shop")',
    "go app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'dsn := "host=db.example.com user=app password=s3cret dbname=shop port=5432 sslmode=disable TimeZone=Asia/Taipei"',
    "code app:s3cret@db.example.com:5432/shop disable unknown:TimeZone=Asia/Taipei",
  ],
  [
    "conn = PG.connect(host: 'db.example.com', port: 5432, dbname: 'shop', user: 'app', password: 's3cret', sslmode: 'require')",
    "ruby app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "conn = PG.connect host: 'db.example.com', dbname: 'shop',\n  user: 'app', password: ENV['PGPASSWORD']",
    "ruby app@db.example.com/shop - notes:value-elsewhere(password),sslmode-absent-means-prefer",
  ],
  [
    "conn = PG::Connection.new('host=db.example.com dbname=shop user=app sslmode=verify-full')",
    "ruby app@db.example.com/shop verify-full",
  ],
  [
    "conn = PG.connect(:host => 'db.example.com', :dbname => 'shop', :user => 'app', :password => 's3cret')",
    "ruby app:s3cret@db.example.com/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    "DB = Sequel.connect('postgres://app:s3cret@db.example.com/shop?sslmode=require')",
    "ruby app:s3cret@db.example.com/shop require",
  ],
  [
    '$db = pg_connect("host=db.example.com port=5432 dbname=shop user=app password=s3cret sslmode=require");',
    "php app:s3cret@db.example.com:5432/shop require",
  ],
  [
    "<?php\n$pdo = new PDO('pgsql:host=db.example.com;port=5432;dbname=shop;sslmode=verify-full;sslrootcert=/etc/ca.pem', 'app', 's3cret');",
    "php app:s3cret@db.example.com:5432/shop verify-full trust=own paths:sslrootcert",
  ],
  [
    '$pdo = new PDO("pgsql:host=db.example.com;dbname=shop", $user, $password);',
    "php @db.example.com/shop - notes:value-elsewhere(user, password),sslmode-absent-means-prefer",
  ],
  [
    "pgsql:host=db.example.com;port=5432;dbname=shop;user=app;password=s3cret",
    "php app:s3cret@db.example.com:5432/shop - notes:sslmode-absent-means-prefer",
  ],
  [
    'Connection c = DriverManager.getConnection("jdbc:postgresql://db.example.com/shop?ssl=true", "app", "s3cret");',
    "jdbc app:s3cret@db.example.com/shop verify-full notes:client-meaning(pgJDBC; ssl=true; verify_full; require)",
  ],
  [
    'await using var db = NpgsqlDataSource.Create("Host=db.example.com;Username=app;Password=s3cret;Database=shop;SSL Mode=VerifyFull");',
    "ado-net app:s3cret@db.example.com/shop verify-full",
  ],
  [
    'var conn = new NpgsqlConnection(@"Server=db.example.com;Database=shop;User Id=app;Password=s3cret;Ssl Mode=Require;Trust Server Certificate=true");',
    "ado-net app:s3cret@db.example.com/shop require unchecked notes:client-meaning(Npgsql; SSL Mode=Require; Trust Server Certificate=true; unchecked; other_words)",
  ],
  [
    'let pool = PgPool::connect("postgres://app:s3cret@db.example.com/shop?sslmode=verify-full").await?;',
    "code app:s3cret@db.example.com/shop verify-full",
  ],
];
