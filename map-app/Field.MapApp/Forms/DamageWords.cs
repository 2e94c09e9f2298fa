using System.Collections.Frozen;

namespace Field.MapApp.Forms;

/// <summary>The official words for damage, members and ranks (橋梁定期点検要領; 堤防等河川管理施設の点検・評価要領).</summary>
internal static class DamageWords
{
    /// <summary>The damage types of bridges are numbered from 1 to this.</summary>
    public const int TypeCount = 26;

    private static readonly (string Ja, string En)[] Types =
    [
        ("腐食", "corrosion"), ("亀裂", "fatigue crack"), ("ゆるみ・脱落", "loose or lost fastener"), ("破断", "fracture"), ("防食機能の劣化", "coating deterioration"),
        ("ひびわれ", "crack"), ("剥離・鉄筋露出", "spalling, exposed rebar"), ("漏水・遊離石灰", "leakage, free lime"), ("抜け落ち", "punch-out"),
        ("補修・補強材の損傷", "damage of repair material"), ("床版ひびわれ", "deck slab crack"), ("うき", "delamination"), ("遊間の異常", "abnormal joint gap"),
        ("路面の凹凸", "uneven road surface"), ("舗装の異常", "pavement defect"), ("支承部の機能障害", "bearing malfunction"), ("その他", "other"),
        ("定着部の異常", "anchorage defect"), ("変色・劣化", "discolouration"), ("漏水・滞水", "leakage, standing water"), ("異常な音・振動", "abnormal sound or vibration"),
        ("異常なたわみ", "abnormal deflection"), ("変形・欠損", "deformation, loss"), ("土砂詰まり", "clogging by soil"), ("沈下・移動・傾斜", "settlement, movement, tilt"), ("洗掘", "scour"),
    ];

    private static readonly FrozenDictionary<string, (string Ja, string En)> Classes = new Dictionary<string, (string, string)>
    {
        ["crack"] = ("ひびわれ", "crack"),
        ["spalling"] = ("剥離", "spalling"),
        ["rebar"] = ("鉄筋露出", "exposed rebar"),
        ["efflorescence"] = ("漏水・遊離石灰", "leakage, free lime"),
        ["corrosion"] = ("腐食", "corrosion"),
        ["levee-crack"] = ("亀裂", "crack"),
        ["slump"] = ("法崩れ", "slope failure"),
        ["erosion"] = ("侵食", "erosion"),
        ["subsidence"] = ("沈下", "subsidence"),
        ["seepage"] = ("漏水・噴砂", "seepage, sand boil"),
        ["road-crack"] = ("舗装のひびわれ", "pavement crack"),
        ["pothole"] = ("ポットホール", "pothole"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly (string Code, string Ja, string En)[] Members =
    [
        ("Mg", "主桁", "main girder"), ("Cr", "横桁", "cross beam"), ("Ds", "床版", "deck slab"), ("Bh", "支承", "bearing"), ("P", "橋脚", "pier"), ("A", "橋台", "abutment"),
    ];

    /// <summary>Name of a damage type, or its number when it is none of the 26.</summary>
    public static string Type(int type, bool japanese) => type is >= 1 and <= TypeCount ? Pick(Types[type - 1], japanese) : $"{type}";

    /// <summary>Name of a class of the models, or the class as it is.</summary>
    public static string Class(string? id, bool japanese) => id is null ? "" : Classes.TryGetValue(id, out (string Ja, string En) words) ? Pick(words, japanese) : id;

    /// <summary>Name of the member that an element's code such as Mg0101 belongs to; empty when it is none.</summary>
    public static string Member(string element, bool japanese)
    {
        string letters = MemberCode(element);
        (string Code, string Ja, string En) member = Array.Find(Members, m => m.Code == letters);
        return member.Code is null ? "" : japanese ? member.Ja : member.En;
    }

    /// <summary>The letters of an element's code.</summary>
    public static string MemberCode(string element) => new([.. element.TakeWhile(char.IsAsciiLetter)]);

    /// <summary>What a letter of a levee place says.</summary>
    public static string LeveeRank(string letter, bool japanese) => letter switch
    {
        "a" => japanese ? "異常なし" : "nothing abnormal",
        "b" => japanese ? "要監視段階" : "to be watched",
        "c" => japanese ? "予防保全段階" : "preventive maintenance",
        "d" => japanese ? "措置段階" : "measures needed",
        _ => "",
    };

    private static string Pick((string Ja, string En) words, bool japanese) => japanese ? words.Ja : words.En;
}
