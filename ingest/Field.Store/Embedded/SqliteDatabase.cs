using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Field.Store.Embedded;

/// <summary>
/// One SQLite file with one writer. Concurrent writes are queued (bounded: a caller waits), run by one thread in the order of the
/// queue, and committed together: one fsync serves all that waited meanwhile. A write completes only after the commit that holds
/// it (WAL, synchronous=FULL: the log is flushed at each commit). Each write has its own savepoint, so one that fails takes
/// nobody with it. Readers have their own connections and see committed data only.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int QueueLength = 1024;
    private const int MaxBatch = 256;

    private readonly string _path;
    private readonly string _connectionString;
    private readonly SqliteConnection _writer;
    private readonly Channel<Write> _queue = Channel.CreateBounded<Write>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Dictionary<string, SqliteCommand> _steps = [];
    private readonly Task _loop;
    private int _disposed;

    /// <param name="path">The file; its folder is created.</param>
    /// <param name="migrations">Bring the file to its present form.</param>
    /// <param name="time">Names backups.</param>
    /// <param name="onOpen">Prepares the writing connection: functions that triggers call.</param>
    public SqliteDatabase(string path, SqliteMigrations migrations, TimeProvider time, Action<SqliteConnection>? onOpen = null)
    {
        SqliteNative.Initialize();
        _path = path;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = path, Pooling = true }.ToString();
        _writer = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _writer.Open();
            RefuseReadOnly();
            Execute("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
            onOpen?.Invoke(_writer);
            migrations.Apply(_writer, path, time);

            // Programs that look at the first page of the file (GDAL, file(1)) do not see what only the log holds.
            Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (Exception e) when (e is SqliteException or IOException or UnauthorizedAccessException)
        {
            _writer.Dispose();
            throw e is SqliteException sqlite ? SqliteNative.Wrap(path, sqlite) : new StoreException($"{path}: {e.Message}", false, e);
        }
        catch
        {
            _writer.Dispose();
            throw;
        }

        _loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Commits since the file was opened.</summary>
    public long CommitCount { get; private set; }

    /// <summary>
    /// Times that written work was undone. For what the writing thread itself remembers of its writes: when this has changed, forget it.
    /// </summary>
    public long RollbackCount { get; private set; }

    /// <summary>Runs work on the writing connection, inside a transaction, and completes when it is durable.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        Write<T> write = new(work);
        try
        {
            await _queue.Writer.WriteAsync(write, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException($"{_path} is closed: the server is stopping", isTransient: true, e);
        }

        return await write.Result.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs work in one read transaction.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                using SqliteConnection connection = new(_connectionString);
                connection.Open();
                using SqliteTransaction transaction = connection.BeginTransaction(deferred: true);
                return work(connection);
            }
            catch (SqliteException e)
            {
                throw SqliteNative.Wrap(_path, e);
            }
        },
        cancellationToken);

    /// <summary>Commits what is queued, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _queue.Writer.Complete();
        await _loop.ConfigureAwait(false);
        foreach (SqliteCommand step in _steps.Values)
        {
            await step.DisposeAsync().ConfigureAwait(false);
        }

        await _writer.DisposeAsync().ConfigureAwait(false);
        using SqliteConnection pooled = new(_connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    private void Run()
    {
        List<Write> batch = new(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out Write? write))
            {
                batch.Add(write);
            }

            Commit(batch);
        }
    }

    private void Commit(List<Write> batch)
    {
        try
        {
            Step("BEGIN IMMEDIATE");
            foreach (Write write in batch)
            {
                Attempt(write);
            }

            Step("COMMIT");
            CommitCount++;
        }
        catch (Exception e)
        {
            // Nothing of the batch is durable: every caller must know, whatever the cause.
            Exception error = e is SqliteException sqlite ? SqliteNative.Wrap(_path, sqlite) : e;
            TryRollback();
            batch.ForEach(w => w.Fail(error));
        }

        batch.ForEach(w => w.Complete());
    }

    private void Attempt(Write write)
    {
        Step("SAVEPOINT one");
        try
        {
            write.Run(_writer);
        }
        catch (Exception e)
        {
            write.Fail(e is SqliteException sqlite ? SqliteNative.Wrap(_path, sqlite) : e);
            Step("ROLLBACK TO one");
            RollbackCount++;
        }

        Step("RELEASE one");
    }

    private void TryRollback()
    {
        RollbackCount++;
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite had rolled back by itself (disk full, I/O error).
        }
    }

    /// <summary>A step of the transaction: prepared once, for parsing it would cost as much as a small write.</summary>
    private void Step(string sql)
    {
        if (!_steps.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _writer.CreateCommand();
            command.CommandText = sql;
            _steps.Add(sql, command);
        }

        command.ExecuteNonQuery();
    }

    /// <summary>SQLite opens a file that it may not write without a word, and fails at the first write: when a device waits for its answer.</summary>
    private void RefuseReadOnly()
    {
        if (SQLitePCL.raw.sqlite3_db_readonly(_writer.Handle, "main") != 0)
        {
            throw new StoreException($"{_path}: user {Environment.UserName} may not write this file; change its owner or its permissions");
        }
    }

    private void Execute(string sql)
    {
        using SqliteCommand command = _writer.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private abstract class Write
    {
        protected Exception? Error { get; private set; }

        public abstract void Run(SqliteConnection connection);

        public void Fail(Exception error) => Error ??= error;

        public abstract void Complete();
    }

    private sealed class Write<T>(Func<SqliteConnection, T> work) : Write
    {
        private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _value;

        public Task<T> Result => _result.Task;

        public override void Run(SqliteConnection connection) => _value = work(connection);

        public override void Complete()
        {
            if (Error is null)
            {
                _result.SetResult(_value!);
            }
            else
            {
                _result.SetException(Error);
            }
        }
    }
}
