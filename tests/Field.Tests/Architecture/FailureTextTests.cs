using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Field.Contracts.Tracks;
using Field.Gdal;
using Field.Geo;
using Field.Geo.Review;
using Field.Geo.Routes;
using Field.Ingest.Assets;
using Field.Ingest.Decisions;
using Field.Ingest.Import;
using Field.Ingest.Layers;
using Field.MapApp.Access;
using Field.MapApp.Forms;
using Field.MapApp.Review;
using Field.MapApp.Routes;
using Field.Vision.Quality;

namespace Field.Tests.Architecture;

/// <summary>
/// Every failure of an inspection is said in Japanese and in English: the codes and faults are taken from where the code declares them, so that a new
/// one without its words fails here. What only the map says in words is checked beside its dictionaries (i18n.test.ts).
/// </summary>
public sealed partial class FailureTextTests
{
    public static TheoryData<string, string, string> Texts()
    {
        TheoryData<string, string, string> texts = [];
        foreach ((string name, string ja, string en) in Kinds().SelectMany(kind => kind))
        {
            texts.Add(name, ja, en);
        }

        return texts;
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Failure_is_said_in_both_languages(string name, string japanese, string english)
    {
        Assert.Matches(Japanese(), japanese);
        Assert.DoesNotMatch(Japanese(), english.Replace("左岸", "", StringComparison.Ordinal).Replace("右岸", "", StringComparison.Ordinal)); // what a ledger may hold
        Assert.Matches("[a-z]{3,}.* ", english);
        string code = name[(name.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        foreach (string text in new[] { japanese, english })
        {
            Assert.NotEqual(code, text); // the code itself is no sentence
            Assert.DoesNotMatch(@"[{}]|System\.|\$""", text);
        }
    }

    [Fact]
    public void Every_kind_of_failure_is_looked_at()
    {
        Assert.All(Kinds(), kind => Assert.True(kind.Count() >= 3));
        Assert.Equal(Texts().Count, Texts().Select(t => ((ITheoryDataRow)t).GetData()[0]).Distinct().Count());
    }

    [Fact]
    public void What_keeps_a_flight_from_being_planned_or_reviewed_says_what_to_do()
    {
        Assert.All(Routes().Concat(Warnings()).Concat(RouteErrors()).Concat(RouteInputs()).Concat(FlightInputs()).Concat(Records()), f => Assert.Contains("ください", f.Item2, StringComparison.Ordinal));
    }

    /// <summary>A class of codes that nobody has given words, or a reason to have none, fails here.</summary>
    [Fact]
    public void Every_class_of_codes_is_looked_at_here_or_says_where_its_words_are()
    {
        Type[] here = [typeof(RouteRefusalCodes), typeof(RouteWarningCodes), typeof(QualityCodes), typeof(TrackFaultCodes)];
        string[] elsewhere =
        [
            "AssumptionCodes", // i18n.test.ts
            "ErrorCodes", // of the wire: answers to programs, each with an English detail
            "ReasonCodes", // of MQTT
            "ExitCodes", // of commands
        ];
        IEnumerable<Type> declared = Directory.EnumerateFiles(AppContext.BaseDirectory, "Field.*.dll").Select(f => Assembly.Load(AssemblyName.GetAssemblyName(f)))
            .SelectMany(a => a.GetTypes()).Where(t => t is { IsClass: true, IsSealed: true, IsAbstract: true } && t.Name.EndsWith("Codes", StringComparison.Ordinal));

        Assert.Empty(declared.Except(here).Select(t => t.Name).Except(elsewhere));
    }

    private static IEnumerable<(string, string, string)>[] Kinds() =>
        [Routes(), Warnings(), RouteErrors(), RouteInputs(), Links(), Flights(), FlightInputs(), Tracks(), Records(), Decisions(), Forms(), Ledgers(), Files(), SignIns()];

    /// <summary>Too steep, no-fly, beyond sight, and the others.</summary>
    private static IEnumerable<(string, string, string)> Routes() => Constants(typeof(RouteRefusalCodes)).Select(code =>
    {
        RouteRefusal refusal = new(code) { Subject = "A-1", FromM = 100, ToM = 200, Value = 12, Limit = 10 };
        return ($"route {code}", RouteRefusalText.Of(refusal, true), RouteRefusalText.Of(refusal, false));
    });

    /// <summary>What the operator must know before a flight.</summary>
    private static IEnumerable<(string, string, string)> Warnings() => Constants(typeof(RouteWarningCodes)).Select(code =>
        ($"warning {code}", new RouteWarning(code, 12).Text(japanese: true), new RouteWarning(code, 12).Text(japanese: false)));

    /// <summary>What the route API refuses.</summary>
    private static IEnumerable<(string, string, string)> RouteErrors() => Declared<RouteError>().Select(e => ($"route-error {e.Name}", e.Value.Ja, e.Value.En));

    /// <summary>Files and values that no route can be planned from.</summary>
    private static IEnumerable<(string, string, string)> RouteInputs() => Declared<RouteInputFault>().Select(e => ($"route-input {e.Name}", e.Value.Ja, e.Value.En));

    /// <summary>What no flight can be reviewed with.</summary>
    private static IEnumerable<(string, string, string)> FlightInputs() => Declared<FlightFault>().Select(e => ($"flight-input {e.Name}", e.Value.Ja, e.Value.En));

    /// <summary>Parts of DJI's subtitles and PX4's logs that cannot be used, as a review lists them.</summary>
    private static IEnumerable<(string, string, string)> Records() => Constants(typeof(TrackFaultCodes)).Select(code =>
    {
        FlightReview review = FlightReview.Of([Photo(null)], null, null, new FlightTrack { Faults = [new TrackFault(7, code)], FaultCount = 1 });
        string Line(bool japanese) => Text(japanese).List(review).Single(l => l.Contains(TrackFaultText.Of(code, japanese), StringComparison.Ordinal));
        Assert.DoesNotContain(code, Line(japanese: true), StringComparison.Ordinal);
        return ($"record {code}", Line(japanese: true), Line(japanese: false));
    });

    /// <summary>Ambiguous, none near, no distance marks, and the others.</summary>
    private static IEnumerable<(string, string, string)> Links() =>
        Constants(typeof(AssetLink)).Select(code => ($"link {code}", AssetLinkText.Of(code, true), AssetLinkText.Of(code, false)));

    /// <summary>What makes a photo useless.</summary>
    private static IEnumerable<(string, string, string)> Flights() => Constants(typeof(QualityCodes)).Append(FlightReader.Unreadable).Select(code =>
    {
        FlightReview review = FlightReview.Of([Photo(null, code)], null, null, null);
        return ($"photo {code}", Text(true).Sentence(review), Text(false).Sentence(review));
    });

    /// <summary>Why a photo without GPS has no place from the track either.</summary>
    private static IEnumerable<(string, string, string)> Tracks()
    {
        TrackRefusal[] refusals = [.. Enum.GetValues<TrackRefusal>().Where(r => r != TrackRefusal.None)];
        (string Name, TrackPlace? Place)[] places =
            [("track no-gps", null), .. refusals.Select(r => ($"track {r}", (TrackPlace?)new TrackPlace(r, default, 0, TimeSpan.FromSeconds(-30))))];
        foreach ((string name, TrackPlace? place) in places)
        {
            FlightReview review = FlightReview.Of([Photo(place)], null, null, null);
            yield return (name, Text(true).List(review).Last(), Text(false).List(review).Last());
        }
    }

    private static IEnumerable<(string, string, string)> Decisions() => Declared<DecisionError>().Select(e => ($"decision {e.Name}", e.Value.Ja, e.Value.En));

    private static IEnumerable<(string, string, string)> Forms() => Declared<FormFault>().Select(e => ($"form {e.Name}", e.Value.Ja, e.Value.En));

    private static IEnumerable<(string, string, string)> Ledgers() => Declared<AssetFault>().Select(e => ($"ledger {e.Name}", e.Value.Ja, e.Value.En))
        .Concat(Declared<ImportFault>().Select(e => ($"import {e.Name}", e.Value.Ja, e.Value.En))).Concat(Declared<LayerFault>().Select(e => ($"layer {e.Name}", e.Value.Ja, e.Value.En)));

    /// <summary>Why somebody is not let in, or not to something.</summary>
    private static IEnumerable<(string, string, string)> SignIns() => Declared<AccessFault>().Select(e => ($"access {e.Name}", e.Value.Ja, e.Value.En));

    /// <summary>Encoding, layer, kind of file: said in both languages at once.</summary>
    private static IEnumerable<(string, string, string)> Files() => Declared<GdalException>(typeof(VectorFault)).Select(e =>
    {
        int between = e.Value.Message.IndexOf(" / ", StringComparison.Ordinal);
        return ($"file {e.Name}", e.Value.Message[..between], e.Value.Message[(between + 3)..]);
    });

    private static FlightPhoto Photo(TrackPlace? fromTrack, params string[] codes)
    {
        CameraEstimate camera = new(Placement.None, null, null!, null!, [], "no-gps");
        return new FlightPhoto(new ReviewPhoto("A.JPG", null, camera, codes.Length == 0), 0.5, codes, fromTrack);
    }

    private static ReviewText Text(bool japanese) => new(japanese, TimeZoneInfo.Utc);

    private static IEnumerable<string> Constants(Type codes) =>
        codes.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Where(f => f is { IsLiteral: true, IsPrivate: false } && f.FieldType == typeof(string))
            .Select(f => (string)f.GetRawConstantValue()!);

    /// <summary>What a type declares of itself or of another type: static properties, and static methods with something for each argument.</summary>
    private static IEnumerable<(string Name, T Value)> Declared<T>(Type? by = null)
    {
        const BindingFlags Static = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        foreach (PropertyInfo property in (by ?? typeof(T)).GetProperties(Static).Where(p => p.PropertyType == typeof(T)))
        {
            yield return (property.Name, (T)property.GetValue(null)!);
        }

        foreach (MethodInfo method in (by ?? typeof(T)).GetMethods(Static).Where(m => m.ReturnType == typeof(T) && m is { IsSpecialName: false, IsPrivate: false }))
        {
            object?[] arguments = [.. method.GetParameters().Select(Something)];
            if (!arguments.Contains(null))
            {
                yield return (method.Name, (T)method.Invoke(null, arguments)!);
            }
        }
    }

    private static object? Something(ParameterInfo parameter) => parameter switch
    {
        { Name: "scale" or "wanted" or "kind" } => "levee",
        { ParameterType: { } type } when type == typeof(string) => "ABC",
        { ParameterType: { } type } when type == typeof(Exception) => new InvalidDataException(),
        { ParameterType: { } type } when type == typeof(double) => 1.5,
        { ParameterType: { } type } when type == typeof(RouteNumber) => RouteNumbers.Levee[0],
        { ParameterType: { } type } when type == typeof(RouteInputFault) => RouteInputFault.NotGeoJson,
        { ParameterType: { } type } when type == typeof(RouteRefusal) => new RouteRefusal(RouteRefusalCodes.LineCrosses),
        { ParameterType: { } type } when type == typeof(int) || type == typeof(long) => Convert.ChangeType(12, type, CultureInfo.InvariantCulture),
        _ => null, // such as a list of faults: it says what they say
    };

    [GeneratedRegex("[\u3040-\u30ff\u4e00-\u9fff]")]
    private static partial Regex Japanese();
}
