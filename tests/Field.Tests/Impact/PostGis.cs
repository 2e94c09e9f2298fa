using System.Diagnostics;
using System.Globalization;
using Field.Tests.Broker;

namespace Field.Tests.Impact;

/// <summary>
/// A PostgreSQL with PostGIS of its own in a folder that goes with it, reached by a socket in that folder only: nothing listens on the network.
/// Not installed, it skips on a laptop and fails in CI.
/// </summary>
internal sealed class PostGis : IAsyncDisposable
{
    private const string Port = "5432"; // names the socket's file
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("field-pg-").FullName;
    private Process? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>How ogr2ogr reaches it.</summary>
    public string Ogr => $"PG:host={_folder} port={Port} user=postgres dbname=postgres";

    public static async Task<PostGis> StartAsync()
    {
        string programs = Programs();
        OutsideProgram.Find("psql");
        OutsideProgram.Find("ogr2ogr");
        PostGis database = new();
        try
        {
            string[] asUser = [];
            if (Environment.UserName == "root")
            {
                await OutsideProgram.RunAsync("chown", "postgres", database._folder); // it refuses to run as root
                asUser = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"];
            }

            string data = Path.Combine(database._folder, "data");
            await RunAsync(null, [.. asUser, Path.Combine(programs, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
            database._server = Start(null, [.. asUser, Path.Combine(programs, "postgres"), "-D", data, "-k", database._folder, "-p", Port, "-c", "listen_addresses=", "-c", "logging_collector=on", "-c", "fsync=off", "-c", "shared_buffers=256MB", "-c", "work_mem=128MB"]);
            await database.ReadyAsync();
            await database.DoAsync("create extension postgis");
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Rows of a query, their columns joined by commas.</summary>
    public async Task<string[]> RowsAsync(string sql) => (await RunAsync(sql, Psql())).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Statements, or psql's own commands.</summary>
    public Task DoAsync(string sql) => RowsAsync(sql);

    /// <summary>A layer of a file as a table in JGD2011 longitude and latitude, by OGR and not by this project's reader.</summary>
    /// <param name="file">As published.</param>
    /// <param name="table">Made, or appended to.</param>
    /// <param name="columns">Columns of the file and their names, as SQL.</param>
    public Task LoadAsync(string file, string table, string columns) => RunAsync(null, "ogr2ogr", "-q", "-append", "-f", "PostgreSQL", Ogr, file, "-nln", table,
        "-sql", $"select {columns} from \"{Path.GetFileNameWithoutExtension(file)}\"", "-t_srs", "EPSG:6668", "-dim", "XY", "-nlt", "PROMOTE_TO_MULTI", "-lco", "GEOMETRY_NAME=g", "-lco", "SPATIAL_INDEX=NONE");

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync(CancellationToken.None);
        }

        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Programs()
    {
        const string Versions = "/usr/lib/postgresql";
        string? found = !Directory.Exists(Versions) ? null : Directory.GetDirectories(Versions)
            .Where(v => File.Exists(Path.Combine(v, "bin", "postgres")) && File.Exists(Path.Combine("/usr/share/postgresql", Path.GetFileName(v), "extension", "postgis.control")))
            .OrderByDescending(v => int.TryParse(Path.GetFileName(v), NumberStyles.None, CultureInfo.InvariantCulture, out int version) ? version : 0).FirstOrDefault();
        if (found is null)
        {
            OutsideProgram.Missing("PostgreSQL with PostGIS is not installed (Debian: postgresql-15-postgis-3)");
        }

        return Path.Combine(found!, "bin");
    }

    private async Task ReadyAsync()
    {
        long begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using Process asked = Start(null, "psql", "-h", _folder, "-p", Port, "-U", "postgres", "-d", "postgres", "-qc", "select 1");
            await asked.WaitForExitAsync(Cancel);
            if (asked.ExitCode == 0)
            {
                return;
            }

            Assert.False(_server!.HasExited, "PostgreSQL ended at its start");
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Patience, "PostgreSQL did not answer");
        }
    }

    private string[] Psql() => ["psql", "-h", _folder, "-p", Port, "-U", "postgres", "-d", "postgres", "-qAtX", "-F,", "-v", "ON_ERROR_STOP=1"];

    private static async Task<string> RunAsync(string? input, params string[] command)
    {
        using Process process = Start(input, command);
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancel), errors = process.StandardError.ReadToEndAsync(Cancel);
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), Cancel);
            process.StandardInput.Close();
        }

        await process.WaitForExitAsync(Cancel).WaitAsync(Patience, Cancel);
        Assert.True(process.ExitCode == 0, $"{command[0]} exited {process.ExitCode}: {await errors}");
        return await output;
    }

    private static Process Start(string? input, params string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardInput = input is not null,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = "/",
        Environment = { ["PGCLIENTENCODING"] = "UTF8", ["LC_ALL"] = "C.UTF-8" },
    })!;
}
