using System.Globalization;
using System.Text.Json;
using Field.Geo;
using Field.Geo.Impact;
using Field.Ingest.Layers;
using Field.MapApp.Residents;
using NetTopologySuite.Geometries;

namespace Field.MapApp.Impact;

/// <summary>An answer about imported layers.</summary>
/// <param name="Result">The counts.</param>
/// <param name="Question">What was asked.</param>
/// <param name="Looks">How the classes are drawn, by number.</param>
/// <param name="Register">The residents' edition and name.</param>
internal sealed record StoredAnswer(ImpactResult Result, ImpactQuestion Question, IReadOnlyList<ClassLook> Looks, Ingest.Residents.ResidentRegister Register)
{
    /// <summary>Shelters, those that can be used first; null when not asked for.</summary>
    public IReadOnlyList<(ShelterPlace Shelter, int? Row)>? Shelters { get; init; }

    /// <summary>Metres from the people to the usable shelter nearest to them, in steps of 50, by its row; null where they are few.</summary>
    public IReadOnlyList<double?> MeanDistanceM { get; init; } = [];

    /// <summary>Facilities within the hazard, the worst first; null when not asked for.</summary>
    public IReadOnlyList<ShelterPlace>? Facilities { get; init; }
}

/// <summary>Impacts of imported layers on the register, by the same counting as of files. Thread-safe.</summary>
internal sealed class StoredImpact(LayerDesk layers, ResidentCache residents, PreparedLayers prepared)
{
    private const int MostAnswers = 24;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (StoredAnswer Answer, long Used)> answers = [];
    private long clock;

    /// <summary>Answers.</summary>
    /// <param name="ask">What.</param>
    /// <param name="minCell">Counts from 1 to under this are hidden; 1 hides nothing.</param>
    /// <param name="demand">Asked for each layer before it is read: throws when it may not be seen.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>Null when there are no residents.</returns>
    /// <exception cref="ImpactException">A layer is not there or cannot be used.</exception>
    public async Task<StoredAnswer?> AskAsync(ImpactAsk ask, int minCell, Action<Layer> demand, CancellationToken cancel)
    {
        Dictionary<string, Layer> found = [];
        foreach (string id in new[] { ask.Layers, ask.OlderLayers, ask.Facilities, ask.Shelters?.Layers ?? [], [.. new[] { ask.By is "register" ? null : ask.By, ask.Near?.Layer }.OfType<string>()] }.SelectMany(i => i))
        {
            found[id] = await layers.FindAsync(id, cancel).ConfigureAwait(false) is { RemovedAt: null } layer ? layer : throw new ImpactException("そのレイヤーはありません", "there is no such layer");
            demand(found[id]);
        }

        if (await residents.FindAsync(cancel).ConfigureAwait(false) is not { } set)
        {
            return null;
        }

        string key = JsonSerializer.Serialize(new object?[]
        {
            minCell, set.Register.Edition, ask.Layers.Select(i => found[i].Revision), ask.OlderLayers.Select(i => found[i].Revision), ask.LeastClass, ask.By is { } by && by != "register" ? found[by].Revision : ask.By, ask.ById, ask.MeshDigits,
            ask.Own.Select(o => new object[] { o.Name, o.Ring.SelectMany(p => new[] { p.Lon, p.Lat }) }), ask.Near?.Layer is { } n ? found[n].Revision : null, ask.Near?.Points.SelectMany(p => new[] { p.Lon, p.Lat }), ask.Near?.WithinM,
            ask.Shelters?.Layers.Select(i => found[i].Revision), ask.Shelters?.Hazard, ask.Facilities.Select(i => found[i].Revision),
        });
        lock (gate)
        {
            if (answers.TryGetValue(key, out (StoredAnswer Answer, long Used) known))
            {
                answers[key] = (known.Answer, ++clock);
                return known.Answer;
            }
        }

        StoredAnswer answer = await Task.Run(() => AnswerAsync(ask, minCell, set, found), cancel).WaitAsync(cancel).ConfigureAwait(false);
        lock (gate)
        {
            while (answers.Count >= MostAnswers)
            {
                answers.Remove(answers.MinBy(a => a.Value.Used).Key);
            }

            answers[key] = (answer, ++clock);
        }

        return answer;
    }

    private async Task<StoredAnswer> AnswerAsync(ImpactAsk ask, int minCell, ResidentSet set, Dictionary<string, Layer> found)
    {
        Layer[] newer = [.. ask.Layers.Select(i => found[i])], older = [.. ask.OlderLayers.Select(i => found[i])];
        PreparedLayer[] ready = await Task.WhenAll(newer.Concat(older).Select(prepared.LayerAsync)).ConfigureAwait(false);
        StoredClasses classes = newer.Length == 0 ? new([new(0, "全員", "everybody", null)], [], []) : StoredClasses.Of(ready);
        if (newer.Length > 0 && ask.LeastClass >= classes.Classes.Count)
        {
            throw new ImpactException($"階級は 1 から {classes.Classes.Count - 1} です", $"classes: 1 to {classes.Classes.Count - 1}");
        }

        byte[][] at = await Task.WhenAll(newer.Concat(older).Select(l => prepared.ClassesAsync(set, l))).ConfigureAwait(false);
        byte[][] numbers = [.. at.Select((own, i) => Map(own, classes.NumberOf[i]))];
        HazardAtPoints hazards = Deepest(numbers[..newer.Length], set.Points.Count);
        int At(LonLat place) => newer.Select((_, i) => (int)classes.NumberOf[i][Math.Max(0, ready[i].Polygons.First(place.Lon, place.Lat))]).DefaultIfEmpty(0).Max();

        ImpactQuestion question = new() { LeastClass = newer.Length == 0 ? 0 : ask.LeastClass, MinCell = minCell, MeshDigits = ask.MeshDigits, WithinM = ask.Near?.WithinM ?? 300 };
        (IReadOnlyList<ShelterPlace>? shelters, ShelterPlace[] usable) = await SheltersAsync(ask, found, At).ConfigureAwait(false);
        ImpactInputs inputs = new(new ResidentFile(set.Points, set.Register.IsSynthetic, 0), hazards, [.. newer.Select(l => l.Title.Split('_')[0])])
        {
            Classes = classes.Classes,
            Older = older.Length == 0 ? null : Deepest(numbers[newer.Length..], set.Points.Count),
            Districts = await DistrictsAsync(ask, set, found).ConfigureAwait(false),
            Own = ask.Own.Count == 0 ? null : Own(ask),
            Places = await PlacesAsync(ask, found).ConfigureAwait(false),
            Shelters = usable.Length == 0 ? null
                : ([.. usable.Select(s => s.Id)], [.. usable.Select(s => s.Name)], ShelterList.Nearest(set.Points, usable, i => hazards.Deepest[i] >= ask.LeastClass)),
            Title = TitleOf(newer),
            Notes = [.. Notes(set, newer.Concat(older).Zip(ready), [.. found.Values])],
        };
        ImpactResult result = ImpactRun.Ask(question, inputs);
        const int FewPeople = 20; // a mean of few would tell where one of them lives
        return new StoredAnswer(result, question, classes.Looks, set.Register)
        {
            Shelters = shelters is null ? null : [.. shelters.Select(s => (s, Array.IndexOf(usable, s) is >= 0 and var row ? row : (int?)null)).OrderBy(s => s.Item2 is null)],
            MeanDistanceM = inputs.Shelters is { } near ? ShelterList.MeanDistances(set.Points, usable, near.NearestOf, FewPeople) : [],
            Facilities = await FacilitiesAsync(ask, found, At).ConfigureAwait(false),
        };
    }

    private async Task<(AreaSet Areas, int[] AreaOf)?> DistrictsAsync(ImpactAsk ask, ResidentSet set, Dictionary<string, Layer> found) => ask.By switch
    {
        null => null,
        "register" => (new AreaSet(set.Associations, set.Associations, new PolygonSetBuilder(PolygonOrder.Lowest).Build(), () => throw new ImpactException("台帳の自治会には図形がありません", "associations of the register have no outlines")), set.AssociationOf()),
        var id => (await prepared.AreasAsync(found[id], ask.ById).ConfigureAwait(false), await prepared.AreaOfAsync(set, found[id], ask.ById).ConfigureAwait(false)),
    };

    private async Task<NearbyPlaces?> PlacesAsync(ImpactAsk ask, Dictionary<string, Layer> found)
    {
        if (ask.Near is not { } near)
        {
            return null;
        }

        IReadOnlyList<LonLat> places = near.Layer is null ? near.Points
            : [.. (await prepared.FeaturesAsync(found[near.Layer]).ConfigureAwait(false)).Select(f => f.Geometry?.Centroid).OfType<Point>().Where(p => !p.IsEmpty).Select(p => new LonLat(p.X, p.Y))];
        return new NearbyPlaces(places, near.WithinM);
    }

    private async Task<(IReadOnlyList<ShelterPlace>? All, ShelterPlace[] Usable)> SheltersAsync(ImpactAsk ask, Dictionary<string, Layer> found, Func<LonLat, int> at)
    {
        if (ask.Shelters is not { } wanted)
        {
            return (null, []);
        }

        List<ShelterPlace> all = [];
        foreach (string id in wanted.Layers)
        {
            all.AddRange(ShelterList.Of(await prepared.FeaturesAsync(found[id]).ConfigureAwait(false), wanted.Hazard, at));
        }

        return (all, [.. all.Where(s => s.IsAllowed != false && s.Class < ask.LeastClass)]);
    }

    private async Task<IReadOnlyList<ShelterPlace>?> FacilitiesAsync(ImpactAsk ask, Dictionary<string, Layer> found, Func<LonLat, int> at)
    {
        if (ask.Facilities.Count == 0)
        {
            return null;
        }

        List<ShelterPlace> inside = [];
        foreach (string id in ask.Facilities)
        {
            inside.AddRange(ShelterList.Of(await prepared.FeaturesAsync(found[id]).ConfigureAwait(false), null, at).Where(f => f.Class >= ask.LeastClass));
        }

        return [.. inside.OrderByDescending(f => f.Class).ThenBy(f => f.Name, StringComparer.Ordinal)];
    }

    private static AreaSet Own(ImpactAsk ask)
    {
        PolygonSetBuilder builder = new(PolygonOrder.Lowest);
        for (int i = 0; i < ask.Own.Count; i++)
        {
            builder.BeginPolygon(i);
            builder.AddRing([.. ask.Own[i].Ring.SelectMany(p => new[] { p.Lon, p.Lat })]);
        }

        return new AreaSet([.. ask.Own.Select((_, i) => (i + 1).ToString(CultureInfo.InvariantCulture))], [.. ask.Own.Select(o => o.Name)], builder.Build(), () =>
            [.. ask.Own.Select(o => GeometryFactory.Default.CreatePolygon([.. o.Ring.Append(o.Ring[0]).Select(p => new Coordinate(p.Lon, p.Lat))]))]);
    }

    private static IEnumerable<ImpactNote> Notes(ResidentSet set, IEnumerable<(Layer Layer, PreparedLayer Ready)> hazards, Layer[] all)
    {
        foreach (IGrouping<(string?, string?), Layer> gone in all.Where(l => l.WithdrawnOn is not null).GroupBy(l => (l.WithdrawnOn, l.WithdrawnReason)))
        {
            (string? day, string? reason) = gone.Key;
            string names = string.Join('、', gone.Select(l => l.Title.Split('_')[0]).Distinct());
            yield return gone.Count() == 1
                ? new($"「{gone.First().Title}」は {day} に公開が取り下げられています。{reason}", $"\"{gone.First().Title}\" was withdrawn by its publisher on {day}. {reason}")
                : new($"{gone.Count()} レイヤー（{names}）は {day} に公開が取り下げられています。{reason}", $"{gone.Count()} layers ({names}) were withdrawn by their publisher on {day}. {reason}");
        }

        foreach ((Layer layer, PreparedLayer ready) in hazards)
        {
            if (ready.UnknownCount > 0)
            {
                yield return new($"「{layer.Title}」: 階級の分からない {ready.UnknownCount} 面は、最も軽い階級として数えました", $"\"{layer.Title}\": {ready.UnknownCount} areas of no known class count as the slightest");
            }

            if (ready.OtherCount > 0)
            {
                yield return new($"「{layer.Title}」: 面でない {ready.OtherCount} 件は使っていません", $"\"{layer.Title}\": {ready.OtherCount} features that are no areas are left out");
            }
        }

        if (set.Register.UnplacedHouseholds > 0)
        {
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"場所の分からない {set.Register.UnplacedHouseholds:#,0} 世帯 {set.Register.UnplacedPeople:#,0} 人は数えていません"),
                string.Create(CultureInfo.InvariantCulture, $"{set.Register.UnplacedPeople:#,0} people of {set.Register.UnplacedHouseholds:#,0} households without a place are not counted"));
        }
    }

    private static string TitleOf(Layer[] layers)
    {
        string common = ImpactRun.TitleOf(layers.Select(l => l.Title));
        return common.Length > 0 ? common : layers.Length == 1 ? layers[0].Title : "";
    }

    private static byte[] Map(byte[] own, byte[] numberOf)
    {
        byte[] numbers = new byte[own.Length];
        for (int i = 0; i < own.Length; i++)
        {
            numbers[i] = numberOf[own[i]];
        }

        return numbers;
    }

    private static HazardAtPoints Deepest(byte[][] bySource, int points)
    {
        byte[] deepest = new byte[points];
        foreach (byte[] source in bySource)
        {
            for (int i = 0; i < points; i++)
            {
                deepest[i] = Math.Max(deepest[i], source[i]);
            }
        }

        return new HazardAtPoints(deepest, bySource);
    }
}
