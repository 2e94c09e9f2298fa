using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
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
        ImpactResult result = Ask(request, read.Placed(request.Threads));
        return result with { LoadS = loadS, QueryS = Stopwatch.GetElapsedTime(begin).TotalSeconds };
    }

    /// <summary>Counts.</summary>
    public static ImpactResult Ask(ImpactQuestion question, ImpactInputs inputs)
    {
        if (question.MinCell > 1 && inputs.Residents.Points.Keys is null)
        {
            inputs = inputs with { Residents = inputs.Residents with { Points = inputs.Residents.Points.WithKeys() } };
        }

        IReadOnlyList<HazardClass> classes = inputs.Classes ?? DepthClasses.UpTo(Math.Max(inputs.Hazards.Deepest.Max(), question.LeastClass));
        ImpactCut[] cuts = [.. ImpactCuts.Of(question, inputs, classes)];
        ResidentPoints points = inputs.Residents.Points;
        return new ImpactResult(inputs.Residents, inputs.Hazards, cuts, question.Title ?? inputs.Title)
        {
            Classes = classes,
            Affected = cuts[0].Table.TotalFrom(question.LeastClass),
            AreasAffected = inputs.Districts is null ? null : Enumerable.Range(0, cuts[0].Table.Rows).Count(r => cuts[0].Table.From(r, question.LeastClass).People > 0),
            Comparison = inputs.Older is not { } older ? null : ScenarioComparison.Of(points, older.Deepest, inputs.Hazards.Deepest, question.LeastClass),
            Masks = ImpactMasks.Of(cuts, points, question.MinCell),
            Notes = inputs.Notes,
        };
    }

    /// <summary>What stands in the last brackets of all names: 想定最大規模; empty when they differ.</summary>
    public static string TitleOf(IEnumerable<string> names)
    {
        string[] titles = [.. names.Select(n => n.LastIndexOf('（') is >= 0 and var at && n.EndsWith('）') ? n[(at + 1)..^1] : "").Distinct()];
        return titles is [{ Length: > 0 } one] ? one : "";
    }

    /// <summary>All files, read side by side; the first thing wrong is told.</summary>
    private sealed class Inputs
    {
        private readonly ConcurrentQueue<ImpactNote> notes = [];
        private ResidentFile? residents;

        public Inputs(ImpactRequest request)
        {
            ImpactFiles files = new(request.Crs, request.Encoding, request.Layers);
            IReadOnlyList<ImpactLayer> hazards = files.Find(request.Hazards, request.Match), older = files.Find(request.Older, request.Match);
            HazardSource?[] newSources = new HazardSource?[hazards.Count], oldSources = new HazardSource?[older.Count];
            List<Action> work = [() => residents = ResidentFile.Read(request.Residents, request.Crs, request.Threads)];
            Add(request.By, file => Districts = files.Areas(file, request.ById, request.ByName));
            Add(request.Own, file => Own = files.Areas(file, null, null));
            Add(request.Near, file => Places = new NearbyPlaces(files.Places(file), request.WithinM));
            files.RequireChosen();
            work.AddRange(Enumerable.Range(0, hazards.Count).Select(i => (Action)(() => newSources[i] = Hazard(files, hazards[i], request.RankField))));
            work.AddRange(Enumerable.Range(0, older.Count).Select(i => (Action)(() => oldSources[i] = Hazard(files, older[i], request.RankField))));
            Do(work, request.Threads);

            Residents = residents!;
            Hazards = Filled(newSources, "--hazard", [.. notes]);
            Older = Filled(oldSources, "--compare", [.. notes]);
            Title = TitleOf(hazards.Select(h => Path.GetFileNameWithoutExtension(h.Path)));
            Notes = [.. notes];
            if (Residents.Points.Count == 0)
            {
                throw new ImpactException($"{request.Residents}: 座標のある行がありません", $"{request.Residents}: no row has a place");
            }

            void Add(string? path, Action<ImpactLayer> read)
            {
                if (path is not null)
                {
                    ImpactLayer file = files.One(path);
                    work.Add(() => read(file));
                }
            }
        }

        /// <summary>Which class and association each point lies in.</summary>
        public ImpactInputs Placed(int threads) => new(Residents, ImpactQuery.Hazards(Residents.Points, Hazards, threads), [.. Hazards.Select(h => h.Name)])
        {
            Older = Older.Length == 0 ? null : ImpactQuery.Hazards(Residents.Points, Older, threads),
            Districts = Districts is null ? null : (Districts, ImpactQuery.Areas(Residents.Points, Districts.Polygons, threads)),
            Own = Own,
            Places = Places,
            Title = Title,
            Notes = Notes,
        };

        public ResidentFile Residents { get; }

        public HazardSource[] Hazards { get; }

        public HazardSource[] Older { get; }

        public AreaSet? Districts { get; private set; }

        public AreaSet? Own { get; private set; }

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

        private HazardSource? Hazard(ImpactFiles files, ImpactLayer file, string? rankField)
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
