using System.Globalization;
using System.Runtime.CompilerServices;
using Field.Gdal;
using Field.Ingest.Identity;
using Field.Ingest.Import;
using Field.Store;
using Field.Store.Audit;

namespace Field.Ingest.Residents;

/// <summary>
/// The register of residents. A new edition is written beside the one that counts and takes its place in one step; the one before stays until the
/// next import. Nothing of it goes over the live topic or into a collection of features. Thread-safe; of two imports at once one is refused.
/// </summary>
public sealed class ResidentDesk : IAsyncDisposable
{
    private const int EditionHash = 16;
    private const int MostText = 500;
    private readonly IFeatureStore _store;
    private readonly AuditLog? _audit;
    private readonly TimeProvider _time;
    private readonly bool _owns;
    private readonly Editions _editions;

    internal ResidentDesk(IFeatureStore store, AuditLog? audit, TimeProvider time, bool owns = false) =>
        (_store, _audit, _time, _owns, _editions) = (store, audit, time, owns, new Editions(store, FieldTables.Households));

    /// <summary>Opens the residents of a data folder, whether a server runs over it or not. Dispose it.</summary>
    /// <exception cref="FieldException">It cannot be used.</exception>
    public static ResidentDesk Open(string dataDirectory, TimeProvider time) => new(
        StoreUris.Under(Path.GetFullPath(dataDirectory)).OpenFeatures(time), new AuditLog(IdentityOptions.AuditFolderOf(dataDirectory), time), time, owns: true);

    /// <summary>The register, a removed one too; null when there never was one.</summary>
    public async Task<ResidentRegister?> FindAsync(CancellationToken cancellationToken) =>
        await _store.FindAsync(FieldTables.Registers, ResidentRegister.Id, cancellationToken).ConfigureAwait(false) is { } row ? ResidentRegister.Of(row) : null;

    /// <summary>The households of an edition in their order.</summary>
    public async IAsyncEnumerable<Household> HouseholdsAsync(string edition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Feature row in _editions.ReadAsync(edition, cancellationToken).ConfigureAwait(false))
        {
            yield return Household.Of(row);
        }
    }

    /// <summary>Imports files; they replace the register when they are complete.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="by">Who, as the audit log writes it.</param>
    /// <param name="cancellationToken">Gives up; the register stays as it was.</param>
    /// <exception cref="FieldException">A file cannot be read, or the store not written.</exception>
    public async Task<ResidentImportResult> ImportAsync(ResidentImportOptions options, string by, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<ImportNote> wrong = Check(options.Title, options.Source, options.SourceDate);
        return wrong.Count > 0
            ? new ResidentImportResult(null, false, wrong, [])
            : await ImportAsync(new ResidentFiles(options, DateOnly.FromDateTime(_time.GetLocalNow().Date)), by, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads files as an import does, and keeps nothing.</summary>
    /// <param name="options">What and how.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FieldException">A file cannot be read.</exception>
    public async Task<ResidentTrial> TryAsync(ResidentImportOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<ImportNote> wrong = Check(options.Title, options.Source, options.SourceDate);
        if (wrong.Count > 0)
        {
            return new ResidentTrial(null, wrong, [], []);
        }

        ResidentFiles source = new(options, DateOnly.FromDateTime(_time.GetLocalNow().Date));
        try
        {
            return await Task.Run(() => Try(source, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (GdalException e)
        {
            throw new FieldException(e.Message, false, e);
        }
    }

    /// <summary>Takes the register away; <see cref="RestoreAsync"/> brings it back, unless it was to be forgotten.</summary>
    /// <param name="forever">True: households and register are deleted, the edition before too.</param>
    /// <param name="by">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RemoveAsync(bool forever, string by, CancellationToken cancellationToken)
    {
        ResidentRegister register = await RequireAsync(cancellationToken).ConfigureAwait(false);
        await RecordAsync(forever ? "residents.delete" : "residents.remove", by, $"edition {register.Edition}", cancellationToken).ConfigureAwait(false);
        await WriteAsync(register with { RemovedAt = _time.GetUtcNow() }, register, cancellationToken).ConfigureAwait(false);
        if (forever)
        {
            await _editions.SweepAsync(null, [], cancellationToken).ConfigureAwait(false);
            await _store.WriteAsync([new FeatureWrite(register.ToFeature(), WriteMode.Delete)], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Brings the removed register back, or the edition before the last import; twice is as before.</summary>
    public async Task<ResidentRegister> RestoreAsync(string by, CancellationToken cancellationToken)
    {
        ResidentRegister register = await RequireAsync(cancellationToken).ConfigureAwait(false);
        ResidentRegister back = register.RemovedAt is not null ? register with { RemovedAt = null }
            : register.Previous is { } previous ? previous with { Previous = register with { Previous = null } }
            : throw new FieldException(ResidentFault.NoEarlier.Both);
        await RecordAsync("residents.restore", by, $"edition {back.Edition}", cancellationToken).ConfigureAwait(false);
        return await WriteAsync(back, register, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_owns)
        {
            await _store.DisposeAsync().ConfigureAwait(false);
            _audit?.Dispose();
        }
    }

    internal async Task<ResidentImportResult> ImportAsync(IResidentSource source, string by, CancellationToken cancellationToken)
    {
        ResidentRegister? old = await FindAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string edition = $"{ResidentRegister.Id}@{Convert.ToHexStringLower(source.Fingerprint())[..EditionHash]}";
            if (old is { RemovedAt: null } && old.Edition == edition)
            {
                return new ResidentImportResult(old, true, [], old.Notes);
            }

            Tally tally = new();
            if (!Kept(old).Contains(edition))
            {
                await _editions.WriteAsync(source.Read(cancellationToken).Select(tally.Count).Select(h => h.ToFeature(edition)), cancellationToken).ConfigureAwait(false);
            }
            else
            {
                foreach (Household household in source.Read(cancellationToken)) // the edition before, imported again: its rows are there
                {
                    tally.Count(household);
                }
            }

            tally.Judge(source);
            if (source.Faults.Count > 0)
            {
                await _editions.SweepAsync(null, Kept(old), CancellationToken.None).ConfigureAwait(false);
                return new ResidentImportResult(null, false, source.Faults, source.Notes);
            }

            ResidentRegister register = tally.Into(source.Describe()) with
            {
                Edition = edition,
                Notes = source.Notes,
                ImportedAt = _time.GetUtcNow(),
                ImportedBy = by,
                Previous = old is null ? null : old.Edition == edition ? old.Previous : old with { Previous = null },
            };
            string detail = string.Create(CultureInfo.InvariantCulture, $"{register.PointsFile} {register.RegisterFile}: {register.Households} households, {register.Rows - register.Households} rows do not count{(register.IsSynthetic ? ", synthetic" : "")}");
            await RecordAsync("residents.import", by, detail, cancellationToken).ConfigureAwait(false);
            ResidentRegister written = await WriteAsync(register, old, CancellationToken.None).ConfigureAwait(false);
            await _editions.SweepAsync(null, Kept(written), CancellationToken.None).ConfigureAwait(false);
            return new ResidentImportResult(written, false, [], source.Notes);
        }
        catch (Exception e)
        {
            await _editions.SweepAsync(null, Kept(old), CancellationToken.None).ConfigureAwait(false);
            if (e is GdalException unread)
            {
                throw new FieldException(unread.Message, false, unread);
            }

            throw;
        }
    }

    private static ResidentTrial Try(ResidentFiles source, CancellationToken cancellationToken)
    {
        Tally tally = new();
        List<Household> rows = [];
        foreach (Household household in source.Read(cancellationToken).Select(tally.Count))
        {
            if (household.State != HouseholdState.Taken && rows.Count < ResidentTrial.MostRows)
            {
                rows.Add(household);
            }
        }

        tally.Judge(source);
        return new ResidentTrial(source.Faults.Count > 0 ? null : tally.Into(source.Describe()), source.Faults, source.Notes, rows);
    }

    private static List<ImportNote> Check(string? title, string? source, string? sourceDate)
    {
        const int MostTitle = 100;
        List<ResidentFault> faults = [];
        if (title is not null && (string.IsNullOrWhiteSpace(title) || title.Length > MostTitle))
        {
            faults.Add(ResidentFault.TooLong("--title", MostTitle));
        }

        if (source?.Length > MostText)
        {
            faults.Add(ResidentFault.TooLong("--source", MostText));
        }

        if (sourceDate is not null && !DateOnly.TryParseExact(sourceDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            faults.Add(ResidentFault.BadValue("--source-date", sourceDate.Length > 20 ? sourceDate[..20] : sourceDate));
        }

        return [.. faults.Select(f => new ImportNote(0, null, f))];
    }

    private static string[] Kept(ResidentRegister? register) => [.. new[] { register?.Edition, register?.Previous?.Edition }.OfType<string>()];

    private async Task<ResidentRegister> RequireAsync(CancellationToken cancellationToken) =>
        await FindAsync(cancellationToken).ConfigureAwait(false) ?? throw new FieldException(ResidentFault.NotThere.Both);

    private async Task<ResidentRegister> WriteAsync(ResidentRegister register, ResidentRegister? old, CancellationToken cancellationToken)
    {
        FeatureWrite write = old is null ? new(register.ToFeature(), WriteMode.InsertNew) : new(register.ToFeature()) { IfRevision = old.Revision };
        return ResidentRegister.Of((await _store.WriteAsync([write], cancellationToken).ConfigureAwait(false))[0] ?? throw new FieldException(ResidentFault.MeanwhileChanged.Both));
    }

    private Task RecordAsync(string what, string by, string detail, CancellationToken cancellationToken) => _audit is null
        ? Task.CompletedTask
        : _audit.AppendAsync([new AuditEntry(what, by, ResidentRegister.Id, "done") { Detail = detail.Length > MostText ? detail[..MostText] : detail }], cancellationToken);

    private sealed class Tally
    {
        private long _people;
        private long _unplacedPeople;

        public Dictionary<string, long> States { get; } = HouseholdState.All.ToDictionary(s => s, _ => 0L);

        public Household Count(Household household)
        {
            States[household.State]++;
            _people += household.State == HouseholdState.Taken ? household.People : 0;
            _unplacedPeople += household.State == HouseholdState.Unplaced ? household.People : 0;
            return household;
        }

        /// <summary>Files of which nobody counts are none.</summary>
        public void Judge(IResidentSource source)
        {
            if (source.Faults.Count == 0 && States[HouseholdState.Taken] == 0)
            {
                source.Faults.Add(new ImportNote(0, null, ResidentFault.NothingTaken));
            }
        }

        public ResidentRegister Into(ResidentRegister register) => register with
        {
            States = States,
            Households = States[HouseholdState.Taken],
            People = _people,
            UnplacedHouseholds = States[HouseholdState.Unplaced],
            UnplacedPeople = _unplacedPeople,
            Rows = States.Values.Sum(),
        };
    }
}
