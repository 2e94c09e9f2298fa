using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Field.Geo;
using Field.Geo.Impact;

namespace Field.MapApp.Impact;

/// <summary>From files to counts: reads everything at once, then asks.</summary>
internal static class ImpactRun
{
    /// <exception cref="ImpactException">What was given cannot be used.</exception>
    public static ImpactResult Run(ImpactRequest request)
    {
        long begin = Stopwatch.GetTimestamp();
        Inputs read = new(request);
        double loadS = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        begin = Stopwatch.GetTimestamp();
        ImpactResult result = Ask(request, read);
        return result with { LoadS = loadS, QueryS = Stopwatch.GetElapsedTime(begin).TotalSeconds };
    }

    private static ImpactResult Ask(ImpactRequest request, Inputs read)
    {
        ResidentPoints points = read.Residents.Points;
        HazardAtPoints hazards = ImpactQuery.Hazards(points, read.Hazards, request.Threads);
        HazardAtPoints? older = request.Older.Count == 0 ? null : ImpactQuery.Hazards(points, read.Older, request.Threads);
        int highest = hazards.Deepest.Max();
        IReadOnlyList<HazardClass> classes = DepthClasses.UpTo(Math.Max(highest, request.LeastClass));

        ImpactCut[] cuts = [.. Cuts(request, read, hazards, older, classes).Select(c => c.LeastClass > 0 ? c with { LeastClass = request.LeastClass } : c)];
        ImpactTable whole = cuts[0].Table;
        return new ImpactResult(read.Residents, hazards, cuts, request.Title ?? read.Title)
        {
            Classes = classes,
            Affected = whole.TotalFrom(request.LeastClass),
            AreasAffected = read.Districts is null ? null : Enumerable.Range(0, whole.Rows).Count(r => whole.From(r, request.LeastClass).People > 0),
            Comparison = older is null ? null : ScenarioComparison.Of(points, older.Deepest, hazards.Deepest, request.LeastClass),
            Notes = read.Notes,
        };
    }

    /// <summary>The tables; the first is by association, or of all.</summary>
    private static List<ImpactCut> Cuts(ImpactRequest request, Inputs read, HazardAtPoints hazards, HazardAtPoints? older, IReadOnlyList<HazardClass> classes)
    {
        ResidentPoints points = read.Residents.Points;
        int[] areaOf = read.Districts is null ? Everyone(points) : ImpactQuery.Areas(points, read.Districts.Polygons, request.Threads);
        List<ImpactCut> cuts = [];
        ImpactTable whole = ImpactTable.Count(points, areaOf, read.Districts?.Ids.Count ?? 1, hazards.Deepest, classes.Count);
        cuts.Add(read.Districts is { } d
            ? new ImpactCut("area", "町内会別", "by association", d.Ids, d.Names, classes, whole) { Areas = d }
            : new ImpactCut("all", "全域", "all", ["1"], ["全域 / all"], classes, whole));
        if (request.MeshDigits is { } digits)
        {
            MeshRows meshes = MeshRows.Of(points, digits);
            string[] codes = [.. meshes.Meshes.Select(m => m.ToString())];
            cuts.Add(new ImpactCut("mesh", "メッシュ別", "by mesh", codes, codes, classes, ImpactTable.Count(points, meshes.RowOf, codes.Length, hazards.Deepest, classes.Count)) { Meshes = meshes.Meshes });
        }

        if (read.Own is { } own)
        {
            cuts.Add(new ImpactCut("own", "範囲別", "by own polygon", own.Ids, own.Names, classes, ImpactTable.CountAll(points, own.Polygons, own.Ids.Count, hazards.Deepest, classes.Count)) { Areas = own, IsAdditive = false });
        }

        if (read.Hazards.Length > 1)
        {
            cuts.Add(BySource(points, read.Hazards, hazards, classes));
        }

        if (older is not null)
        {
            byte[] changes = ScenarioComparison.ChangeOf(older.Deepest, hazards.Deepest, request.LeastClass);
            cuts.Add(WithClasses(cuts[0], "change", "新旧の比較", "old and new map", Changes, ImpactTable.Count(points, areaOf, cuts[0].Ids.Count, changes, Changes.Length)));
        }

        if (read.Places is { } places)
        {
            byte[] covered = [.. Enumerable.Range(0, points.Count).Select(i => places.Nearest(new LonLat(points.Lon[i], points.Lat[i])) is null ? (byte)0 : (byte)1)];
            HazardClass[] near = [new(0, "圏外", "not covered", null), new(1, "圏内", "covered", null)];
            cuts.Add(WithClasses(cuts[0], "near", FormattableString.Invariant($"{places.DistanceM:0.#}m圏"), FormattableString.Invariant($"within {places.DistanceM:0.#} m"), near, ImpactTable.Count(points, areaOf, cuts[0].Ids.Count, covered, 2)));
        }

        return cuts;
    }

    private static HazardClass[] Changes { get; } =
        [new(0, "どちらも区域外", "in neither", null), new(1, "新たに区域内", "newly affected", null), new(2, "どちらも区域内", "in both", null), new(3, "区域外になった", "no longer", null)];

    private static int[] Everyone(ResidentPoints points) => new int[points.Count];

    private static ImpactCut WithClasses(ImpactCut rows, string key, string ja, string en, HazardClass[] classes, ImpactTable table) =>
        rows with { Key = key, Ja = ja, En = en, Classes = classes, Table = table, LeastClass = 0 };

    /// <summary>What each river does by itself: a person in the reach of two counts at both.</summary>
    private static ImpactCut BySource(ResidentPoints points, HazardSource[] sources, HazardAtPoints hazards, IReadOnlyList<HazardClass> classes)
    {
        string[] names = [.. sources.Select(s => s.Name)];
        int[] oneRow = Everyone(points);
        ImpactTable table = ImpactTable.Stack([.. hazards.BySource.Select(c => ImpactTable.Count(points, oneRow, 1, c, classes.Count))]);
        return new ImpactCut("source", "河川別", "by river", names, names, classes, table) { IsAdditive = false };
    }

    /// <summary>All files, read side by side; the first thing wrong is told.</summary>
    private sealed class Inputs
    {
        private readonly ConcurrentQueue<ImpactNote> notes = [];
        private ResidentFile? residents;

        public Inputs(ImpactRequest request)
        {
            ImpactFiles files = new(request.Crs, request.Encoding);
            (string Path, bool IsNamed)[] hazards = [.. ImpactFiles.Find(request.Hazards, request.Match)], older = [.. ImpactFiles.Find(request.Older, request.Match)];
            HazardSource?[] newSources = new HazardSource?[hazards.Length], oldSources = new HazardSource?[older.Length];
            List<Action> work = [() => residents = ResidentFile.Read(request.Residents, request.Crs, request.Threads)];
            Add(request.By, path => Districts = files.Areas(path, request.ById, request.ByName));
            Add(request.Own, path => Own = files.Areas(path, null, null));
            Add(request.Near, path => Places = new NearbyPlaces(files.Places(path), request.WithinM));
            work.AddRange(Enumerable.Range(0, hazards.Length).Select(i => (Action)(() => newSources[i] = Hazard(files, hazards[i], request.RankField))));
            work.AddRange(Enumerable.Range(0, older.Length).Select(i => (Action)(() => oldSources[i] = Hazard(files, older[i], request.RankField))));
            Do(work, request.Threads);

            Residents = residents!;
            Hazards = Filled(newSources, "--hazard", [.. notes]);
            Older = Filled(oldSources, "--compare", [.. notes]);
            Title = TitleOf(hazards);
            Notes = [.. notes];
            if (Residents.Points.Count == 0)
            {
                throw new ImpactException($"{request.Residents}: 座標のある行がありません", $"{request.Residents}: no row has a place");
            }

            void Add(string? path, Action<string> read)
            {
                if (path is not null)
                {
                    work.Add(() => read(path));
                }
            }
        }

        public ResidentFile Residents { get; }

        public HazardSource[] Hazards { get; }

        public HazardSource[] Older { get; }

        public AreaFile? Districts { get; private set; }

        public AreaFile? Own { get; private set; }

        public NearbyPlaces? Places { get; private set; }

        public string Title { get; }

        public IReadOnlyList<ImpactNote> Notes { get; }

        private static void Do(List<Action> work, int threads)
        {
            try
            {
                Parallel.ForEach(Partitioner.Create(work, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = threads }, w => w());
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.Flatten().InnerExceptions[0]);
            }
        }

        private static HazardSource[] Filled(HazardSource?[] sources, string option, ImpactNote[] why) => sources.Length == 0 || sources.Any(s => s is not null)
            ? [.. sources.OfType<HazardSource>()]
            : throw new ImpactException($"{option}: 階級の列があるファイルがありません。--rank-field で指定してください。{string.Join('。', why.Select(n => n.Ja))}", $"{option}: no file has a field of classes: name it with --rank-field; {string.Join("; ", why.Select(n => n.En))}");

        /// <summary>What stands in the last brackets of all files' names: 想定最大規模.</summary>
        private static string TitleOf((string Path, bool IsNamed)[] files)
        {
            string[] titles = [.. files.Select(f => Path.GetFileNameWithoutExtension(f.Path)).Select(n => n.LastIndexOf('（') is >= 0 and var at && n.EndsWith('）') ? n[(at + 1)..^1] : "").Distinct()];
            return titles is [{ Length: > 0 } one] ? one : "";
        }

        private HazardSource? Hazard(ImpactFiles files, (string Path, bool IsNamed) file, string? rankField)
        {
            (HazardSource? source, ImpactNote? note) = files.Hazard(file, rankField);
            if (note is not null)
            {
                notes.Enqueue(note);
            }

            return source;
        }
    }
}
