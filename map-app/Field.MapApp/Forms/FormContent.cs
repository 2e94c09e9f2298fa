using Field.Store;

namespace Field.MapApp.Forms;

/// <summary>Everything that a form is made of, read and in the form's order.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="MadeAt">Now.</param>
/// <param name="Damages">Numbered, in the form's order.</param>
internal sealed record FormContent(FormRequest Request, DateTimeOffset MadeAt, IReadOnlyList<Damage> Damages)
{
    /// <summary>The asset; null when the form is of all.</summary>
    public Feature? Asset { get; init; }

    /// <summary>A bridge's elements.</summary>
    public IReadOnlyList<Feature> Elements { get; init; } = [];

    /// <summary>A bridge's general views.</summary>
    public IReadOnlyList<GeneralView> Views { get; init; } = [];

    /// <summary>Names of the damages' assets by id.</summary>
    public IReadOnlyDictionary<string, string> AssetNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Crops by finding id, whole photos by the id of a general view's row; what is without one has no photo that could be shown.</summary>
    public IReadOnlyDictionary<string, Picture> Pictures { get; init; } = new Dictionary<string, Picture>();

    public bool IsJapanese => Request.IsJapanese;

    public IReadOnlyList<Damage> Decided => [.. Damages.Where(d => d.IsDecided)];

    public IReadOnlyList<Damage> Drafts => [.. Damages.Where(d => !d.IsDecided)];

    /// <summary>Who the form names as inspector: whom the request names, else who decided.</summary>
    public string Inspector => Request.Inspector
        ?? string.Join(Pick("、", ", "), Decided.Select(d => d.Row.Text("decidedBy")).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    public string Pick(string ja, string en) => IsJapanese ? ja : en;

    /// <summary>What every page says while something is undecided; empty when nothing is.</summary>
    public string Warning => Drafts.Count switch
    {
        0 => "",
        int n => Pick($"未判定 {n} 件を含む", $"includes {n} undecided"),
    };

    /// <summary>Where a damage lies, in words: the distance mark, else asset and element, else degrees.</summary>
    public string PlaceOf(Damage damage)
    {
        string place = damage.Place(IsJapanese);
        if (place.Length > 0)
        {
            return $"{damage.Row.Text("river")} {place}".Trim();
        }

        string asset = damage.Row.Text("assetId") is { } id ? AssetNames.GetValueOrDefault(id, id) : "";
        return asset.Length > 0 ? $"{asset} {damage.Element}".Trim() : Pick("資産なし", "no asset");
    }

    /// <summary>The card of a damage on the photo sheet.</summary>
    public PhotoCard CardOf(Damage damage) => new(
        Pictures.GetValueOrDefault(damage.Row.Id),
        Pick("写真なし", "no photo"),
        [
            (Pick("写真番号", "No."), $"{damage.Number}{(damage.IsDecided ? "" : Pick("（未判定）", " (undecided)"))}"),
            (Pick("位置", "Place"), Request.Kind == FormKind.Bridge ? $"{DamageWords.Member(damage.Element, IsJapanese)} {damage.Element}".Trim() : PlaceOf(damage)),
            (Pick("変状", "Damage"), $"{(damage.Type is { } type ? $"{type} " : "")}{damage.Name(IsJapanese)}  {damage.Degree}"),
            (Pick("計測", "Measures"), damage.Measures(IsJapanese)),
            (Pick("撮影日", "Taken"), FormTime.Minute(damage.Row.Time("capturedAt"), IsJapanese)),
            (Pick("メモ", "Note"), damage.Row.Text("decisionNote") ?? ""),
        ]);

    /// <summary>The photo sheet; null when there is nothing to show.</summary>
    public FormSheet? PhotoSheet(string name, IReadOnlyList<Damage> damages) => damages.Count == 0
        ? null
        : new FormSheet(name, IsLandscape: false, CardsGridMm, [new CardsBlock([.. damages.Select(CardOf)])]);

    /// <summary>Label, value, gap, label, value.</summary>
    public static IReadOnlyList<double> CardsGridMm { get; } = [18, 68, 6, 18, 68];

    /// <summary>The document, with what all forms have in common.</summary>
    public FormDocument Document(string title, string subject, params IEnumerable<FormSheet?> sheets) => new(title, subject, Warning, [.. sheets.OfType<FormSheet>()])
    {
        IsJapanese = IsJapanese,
        Foot = Pick($"作成 {FormTime.Minute(MadeAt, true)}  Field", $"made {FormTime.Minute(MadeAt, false)} JST  Field"),
    };
}
