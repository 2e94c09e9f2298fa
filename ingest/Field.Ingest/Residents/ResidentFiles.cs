using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Field.Gdal;
using Field.Geo;
using Field.Ingest.Import;

namespace Field.Ingest.Residents;

/// <summary>
/// Points of households joined to a register by household number, or one file that holds both. Rows of persons are added up to households. What
/// does not join, has no place or contradicts itself is kept with the reason, and counts nowhere.
/// </summary>
internal sealed class ResidentFiles(ResidentImportOptions options, DateOnly today) : IResidentSource
{
    private const int Form = 1; // of households: raise it when the same files would give others
    private const int AgedYears = 65;
    private readonly HashSet<ResidentColumn> _known = [];
    private readonly DateOnly _day = DateOnly.TryParseExact(options.SourceDate, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly told) ? told : today;
    private bool _isSynthetic = options.IsSynthetic;

    public List<ImportNote> Faults { get; } = [];

    public List<ImportNote> Notes { get; } = [];

    public ResidentRegister Describe() => new()
    {
        Title = options.Title ?? (options.Register is null ? Name(options.Points) : $"{Name(options.Points)} + {Name(options.Register)}"),
        Source = options.Source,
        SourceDate = options.SourceDate,
        IsSynthetic = _isSynthetic,
        PointsFile = options.Origin?.Points ?? Path.GetFileName(options.Points),
        RegisterFile = options.Register is null ? null : options.Origin?.Register ?? Path.GetFileName(options.Register),
        Columns =
        [
            "people",
            .. _known.Contains(ResidentColumn.Aged65) ? ["aged65"] : Array.Empty<string>(),
            .. _known.Contains(ResidentColumn.NeedsSupport) ? ["needsSupport"] : Array.Empty<string>(),
            .. _known.Contains(ResidentColumn.Household) ? ["households"] : Array.Empty<string>(),
            .. _known.Contains(ResidentColumn.Association) ? ["association"] : Array.Empty<string>(),
        ],
        Edition = "",
        ImportedBy = "",
    };

    public byte[] Fingerprint()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in new[] { options.Points, options.Register }.OfType<string>())
        {
            foreach (string part in ((string[])[".dbf", ".prj", ".cpg"]).Select(s => VectorFiles.Sibling(file, s)).OfType<string>().Prepend(file).Distinct())
            {
                using FileStream stream = File.OpenRead(part);
                hash.AppendData(SHA256.HashData(stream));
            }
        }

        string columns = string.Join('|', options.Columns.OrderBy(c => c.Key).Select(c => $"{c.Key}={c.Value}"));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', Form, options.PointsLayer, options.RegisterLayer, options.Crs, options.Encoding, options.RegisterEncoding, columns, _day, options.IsSynthetic)));
        return hash.GetHashAndReset();
    }

    public IEnumerable<Household> Read(CancellationToken cancellationToken)
    {
        Ledger ledger = new(this, options.Register is not null);
        if (options.Register is { } register)
        {
            using ResidentTable table = new(register, options.RegisterLayer, options.RegisterEncoding, options.Columns, isPlace: false, Faults);
            ledger.Take(table, places: null, needsNumber: true, cancellationToken);
        }

        using ResidentTable points = new(options.Points, options.PointsLayer, options.Encoding, options.Columns, isPlace: true, Faults);
        if (points.Layer.GeometryType == "None")
        {
            Faults.Add(new ImportNote(0, null, ResidentFault.NoColumn(points.Name, "経度・緯度", "lon and lat", points.There)));
        }

        CheckColumns(points);
        OfficialCrs? crs = ImportGeometry.SystemOf(points.Layer, options.Crs, Faults, Notes);
        if (crs is null || Faults.Count > 0)
        {
            return [];
        }

        ImportGeometry geometry = new(crs, Notes);
        if (options.Register is null)
        {
            ledger.Take(points, geometry, needsNumber: false, cancellationToken);
        }
        else
        {
            ledger.Place(points, geometry, cancellationToken);
        }

        Notes.AddRange(points.Warnings.Select(w => new ImportNote(0, null, w, w)));
        return Faults.Count > 0 ? [] : ledger.Households();
    }

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private void CheckColumns(ResidentTable points)
    {
        foreach ((ResidentColumn column, string name) in options.Columns)
        {
            // In one of the files it must be; a table that has it knows the column then.
            if (!_known.Contains(column) && !points.Layer.Fields.Any(f => f.Name == name))
            {
                Faults.Add(new ImportNote(0, null, ResidentFault.NoSuchColumn(points.Name, name, points.There)));
            }
        }

        if (options.Register is not null && !points.Has(ResidentColumn.Household))
        {
            Faults.Add(new ImportNote(0, null, ResidentFault.NoColumn(points.Name, "世帯番号", "household numbers", points.There)));
        }
    }

    private static (LonLat? Place, ImportFault? Fault) PlaceOf(VectorFeature row, ImportGeometry geometry) => geometry.Of(row) switch
    {
        { Geometry: { } found } => found.Centroid is { IsEmpty: false } c ? (new LonLat(c.X, c.Y), null) : (null, ImportFault.NoGeometry),
        var other => (null, other.Fault),
    };

    /// <summary>A household while its rows are read.</summary>
    private sealed class Entry
    {
        public string? Number { get; init; }

        public LonLat? Place { get; set; }

        public int People { get; set; }

        public int Aged65 { get; set; }

        public int NeedsSupport { get; set; }

        public string? Association { get; set; }

        /// <summary>Why it counts nowhere, or null.</summary>
        public ImportFault? Fault { get; set; }

        /// <summary>Why it has no place, when it has none.</summary>
        public ImportFault? WithoutPlace { get; set; }
    }

    private sealed class Ledger(ResidentFiles files, bool isJoined)
    {
        private readonly List<Entry> _entries = [];
        private readonly Dictionary<string, Entry> _byNumber = new(StringComparer.Ordinal);
        private readonly List<Entry> _unregistered = [];

        /// <summary>The households in their order: what counts first, then what does not.</summary>
        public IEnumerable<Household> Households()
        {
            if (isJoined && !_entries.Exists(e => e.Place is not null))
            {
                files.Faults.Add(new ImportNote(0, null, ResidentFault.NobodyJoined));
                yield break;
            }

            long n = 0;
            foreach (Entry e in _entries.Concat(_unregistered))
            {
                (string state, ImportFault? why) = e switch
                {
                    { Fault: { } wrong } => (ReferenceEquals(wrong, ResidentFault.NotInRegister) ? HouseholdState.Unregistered : HouseholdState.Refused, wrong),
                    { People: > 0, Aged65: var aged, NeedsSupport: var needs, People: var people } when aged > people || needs > people => (HouseholdState.Refused, ResidentFault.PartAboveWhole),
                    { Place: null } => (HouseholdState.Unplaced, e.WithoutPlace ?? ResidentFault.NoPoint),
                    _ => (HouseholdState.Taken, null),
                };
                n++;
                yield return new Household(n, e.Number, e.Place, e.People, e.Aged65, e.NeedsSupport, e.Association, state, why is null ? null : new ImportNote(0, null, why));
            }
        }

        /// <summary>Rows of households, or of persons that add up to them.</summary>
        public void Take(ResidentTable table, ImportGeometry? places, bool needsNumber, CancellationToken cancellationToken)
        {
            bool hasNumbers = table.Has(ResidentColumn.Household);
            if (needsNumber && !hasNumbers)
            {
                files.Faults.Add(new ImportNote(0, null, ResidentFault.NoColumn(table.Name, "世帯番号", "household numbers", table.There)));
                return;
            }

            files.Know(table, hasNumbers);
            bool isOfHouseholds = table.Has(ResidentColumn.People);
            while (table.Read() is { } row)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string? number = ResidentValues.Text(table.Value(row, ResidentColumn.Household));
                Entry entry = Find(number, isOfHouseholds, hasNumbers);
                files.Add(table, row, entry, isOfHouseholds);
                if (places is not null && entry.Place is null)
                {
                    (entry.Place, entry.WithoutPlace) = PlaceOf(row, places);
                }
            }

            files.Notes.AddRange(table.Warnings.Select(w => new ImportNote(0, null, w, w)));
        }

        /// <summary>Where the register's households are.</summary>
        public void Place(ResidentTable table, ImportGeometry places, CancellationToken cancellationToken)
        {
            files.KnowSynthetic(table);
            while (table.Read() is { } row)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string? number = ResidentValues.Text(table.Value(row, ResidentColumn.Household));
                Entry? entry = number is null ? null : _byNumber.GetValueOrDefault(number);
                (LonLat? place, ImportFault? fault) = PlaceOf(row, places);
                if (entry is null || entry.Place is not null)
                {
                    ImportFault why = number is null ? ResidentFault.NoNumber : entry is null ? ResidentFault.NotInRegister : ResidentFault.TwoPoints;
                    _unregistered.Add(new Entry { Number = number, Place = place, Fault = why });
                    continue;
                }

                (entry.Place, entry.WithoutPlace) = (place, fault);
                entry.Association ??= ResidentValues.Text(table.Value(row, ResidentColumn.Association));
            }

            if (table.Has(ResidentColumn.Association))
            {
                files._known.Add(ResidentColumn.Association);
            }
        }

        private Entry Find(string? number, bool isOfHouseholds, bool hasNumbers)
        {
            if (number is not null && _byNumber.TryGetValue(number, out Entry? known) && !isOfHouseholds)
            {
                return known;
            }

            Entry entry = new()
            {
                Number = number,
                Fault = hasNumbers && number is null ? ResidentFault.NoNumber : number is not null && _byNumber.ContainsKey(number) ? ResidentFault.TwoRows : null,
            };
            _entries.Add(entry);
            if (number is not null)
            {
                _byNumber.TryAdd(number, entry);
            }

            return entry;
        }
    }

    private void Know(ResidentTable table, bool hasNumbers)
    {
        KnowSynthetic(table);
        foreach ((ResidentColumn column, bool isKnown) in new[]
        {
            (ResidentColumn.Aged65, table.Has(ResidentColumn.Aged65) || table.Has(ResidentColumn.Age) || table.Has(ResidentColumn.BirthDate)),
            (ResidentColumn.NeedsSupport, table.Has(ResidentColumn.NeedsSupport)),
            (ResidentColumn.Household, hasNumbers || table.Has(ResidentColumn.People)),
            (ResidentColumn.Association, table.Has(ResidentColumn.Association)),
        })
        {
            if (isKnown)
            {
                _known.Add(column);
            }
        }

        foreach ((ResidentColumn column, string name) in options.Columns)
        {
            if (table.Layer.Fields.Any(f => f.Name == name))
            {
                _known.Add(column);
            }
        }
    }

    private void KnowSynthetic(ResidentTable table) => _isSynthetic |= table.Has(ResidentColumn.Synthetic);

    private void Add(ResidentTable table, VectorFeature row, Entry entry, bool isOfHouseholds)
    {
        (int people, int aged, int needs) = (1, 0, 0);
        if (isOfHouseholds && !ResidentValues.TryWhole(table.Value(row, ResidentColumn.People), out people))
        {
            entry.Fault ??= ResidentFault.NotWhole("人数", "people");
        }

        if (table.Has(ResidentColumn.Aged65))
        {
            entry.Fault ??= ResidentValues.TryFlag(table.Value(row, ResidentColumn.Aged65), out aged) ? null : ResidentFault.NotWhole("65歳以上", "aged 65 or more");
        }
        else if (table.Has(ResidentColumn.Age) || table.Has(ResidentColumn.BirthDate))
        {
            bool isRead = table.Has(ResidentColumn.Age)
                ? ResidentValues.TryAge(table.Value(row, ResidentColumn.Age), out int years)
                : ResidentValues.TryAgeOf(table.Value(row, ResidentColumn.BirthDate), _day, out years);
            entry.Fault ??= isRead ? null : table.Has(ResidentColumn.Age) ? ResidentFault.NotWhole("年齢", "age") : ResidentFault.NotADay;
            aged = years >= AgedYears ? 1 : 0;
        }

        if (!ResidentValues.TryFlag(table.Value(row, ResidentColumn.NeedsSupport), out needs))
        {
            entry.Fault ??= ResidentFault.NotWhole("要支援者", "needing support");
        }

        if (entry.Fault is null)
        {
            (entry.People, entry.Aged65, entry.NeedsSupport) = (entry.People + people, entry.Aged65 + aged, entry.NeedsSupport + needs);
        }

        entry.Association ??= ResidentValues.Text(table.Value(row, ResidentColumn.Association));
    }
}
